using System.ComponentModel.DataAnnotations;

namespace Outdial.Ingress;

/// <summary>Section <c>Ingress</c>.</summary>
internal sealed class IngressOptions
{
    /// <summary>
    /// Folder of this process alone, on a disk that survives a restart: webhooks wait here while the broker is away. A
    /// relative path is taken from the working folder.
    /// </summary>
    [Required(AllowEmptyStrings = false)] public string SpoolFolder { get; init; } = Path.Combine("data", "spool");

    /// <summary>A segment of the spool is closed when it is larger than this, in bytes. Default 8 MiB.</summary>
    [Range(1_024, 1_073_741_824)] public long SpoolSegmentBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Largest body of a webhook, in bytes; a larger one is refused with 413. Default 256 KiB, Exotel's are under 4.</summary>
    [Range(1_024, 10_485_760)] public int MaxBodyBytes { get; init; } = 256 * 1024;

    /// <summary>How long raw webhooks, and which call belongs to which attempt, are kept. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
