using System.ComponentModel.DataAnnotations;

namespace Outdial.Platform;

/// <summary>Section <c>Shutdown</c>. From the signal to the end it is 20 seconds at most; all of it real time.</summary>
public sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>
    /// How long a process that was told to stop goes on serving, not ready already, so that gateway and balancers send their
    /// next requests elsewhere. Default 1 s, at most 3.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Notice { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest <see cref="Notice"/>.</summary>
    internal static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(3);

    /// <summary>For requests under way; what takes longer is cut.</summary>
    internal static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);

    /// <summary>For messages, claims and look-ups in hand; what takes longer is given up, and done by whoever gets it next.</summary>
    internal static readonly TimeSpan WorkLimit = TimeSpan.FromSeconds(9);

    /// <summary>For handing over the outbox; what is left waits in its table.</summary>
    internal static readonly TimeSpan OutboxLimit = TimeSpan.FromSeconds(2);

    /// <summary>For handing over what is kept on disk, meanwhile; what is left stays there.</summary>
    internal static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(5);

    /// <summary>For all of it but the notice.</summary>
    internal static readonly TimeSpan HostLimit = TimeSpan.FromSeconds(16);
}
