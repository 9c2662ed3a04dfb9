using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>A number of the account's own, as configured.</summary>
public sealed class ExoPhoneOptions
{
    /// <summary>Any form <see cref="PhoneNumbers.TryRead"/> understands.</summary>
    public string Number { get; set; } = "";

    /// <summary>The circle, such as <c>GJ</c>; empty for a number of none.</summary>
    public string? Region { get; set; }
}

/// <param name="Sid">32 hexadecimal digits, made from the number.</param>
public sealed record ExoPhone(string Sid, string Number, string? Region);

/// <summary>The account's own numbers and how healthy their lines are.</summary>
public sealed class ExoPhones
{
    public const string Active = "active";
    public const string MajorOutage = "major_outage";

    private readonly Dictionary<string, ExoPhone> _byNumber;
    private readonly ConcurrentDictionary<string, string> _outages = new();

    public ExoPhones(IOptions<SimulatorOptions> options)
    {
        IEnumerable<ExoPhoneOptions> configured = options.Value.ExoPhones.Count > 0 ? options.Value.ExoPhones : Default;
        All = [.. configured.Select(Read)];
        _byNumber = All.ToDictionary(p => p.Number);
    }

    /// <summary>Landline numbers of eight circles, and one that belongs to none.</summary>
    public static IReadOnlyList<ExoPhoneOptions> Default { get; } =
    [
        new() { Number = "01140850010", Region = "DL" }, new() { Number = "02248850020", Region = "MU" },
        new() { Number = "02067850030", Region = "MH" }, new() { Number = "07948850040", Region = "GJ" },
        new() { Number = "08047850050", Region = "KA" }, new() { Number = "04448850060", Region = "TN" },
        new() { Number = "04048850070", Region = "AP" }, new() { Number = "03348850080", Region = "KO" },
        new() { Number = "07314850090" },
    ];

    public IReadOnlyList<ExoPhone> All { get; }

    public ExoPhone? ByNumber(string? text) =>
        PhoneNumbers.TryRead(text, out var e164) ? _byNumber.GetValueOrDefault(e164) : null;

    /// <param name="key">The id, or the number in any form.</param>
    public ExoPhone? Find(string key) => All.FirstOrDefault(p => p.Sid == key) ?? ByNumber(key);

    /// <summary><see cref="Active"/> or <see cref="MajorOutage"/>.</summary>
    public string OutgoingStatus(ExoPhone phone) => _outages.GetValueOrDefault(phone.Sid, Active);

    public void SetOutgoingStatus(ExoPhone phone, string status) => _outages[phone.Sid] = status;

    private static ExoPhone Read(ExoPhoneOptions options) =>
        PhoneNumbers.TryRead(options.Number, out var e164)
            ? new ExoPhone(Dice.HexId(0, e164, 0, 0), e164, string.IsNullOrEmpty(options.Region) ? null : options.Region)
            : throw new InvalidOperationException($"Simulator:ExoPhones has the number '{options.Number}'; it must be like 07948850040 or +917948850040.");
}
