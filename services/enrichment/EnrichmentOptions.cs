using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Outdial.Enrichment;

/// <summary>How numbers and call details are looked up; section <c>Enrichment</c>.</summary>
internal sealed class EnrichmentOptions
{
    public const string Section = "Enrichment";

    /// <summary>How long circle, operator and DND of a number are believed. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan FoundFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long it is believed that the provider does not know a number. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan UnknownFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a number is left alone after the provider could not be asked. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UnavailableFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Country codes whose numbers the provider has metadata for. None given: 91, India.</summary>
    public IReadOnlyList<string> CountryCodes { get; init; } = [];

    /// <summary>Requests for one number before it is answered as unavailable.</summary>
    [Range(1, 20)]
    public int Tries { get; init; } = 3;

    /// <summary>Pause after the first failed request; doubled after each further one, at most 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A number is answered as unavailable when a provider that asks for patience kept it waiting this long.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after the end of a call its record is read, until duration, price and, of a conversation, the recording are there. Ascending. None
    /// given: 2, 5 and 15 minutes, the times after which Exotel's pages promise them, and 30 and 60 for what is later still.
    /// </summary>
    public IReadOnlyList<TimeSpan> DetailsAfter { get; init; } = [];

    /// <summary>A record that cannot be read is given up this long after the end of the call.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan DetailsGiveUpAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Requests on their way at once, per account, kind and process.</summary>
    [Range(1, 200)]
    public int Concurrency { get; init; } = 16;

    /// <summary>Longest wait for the provider's answer. Real time, whatever the clock's speed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the work tables are looked at. Real time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait of an API caller for an answer. Real time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most numbers kept in the memory of one process.</summary>
    [Range(1, 10_000_000)]
    public int MemoryNumbers { get; init; } = 100_000;

    // Defaults of lists live here: a list that is not empty would be added to by the configuration, not replaced.
    internal IReadOnlyList<string> Countries => CountryCodes.Count > 0 ? CountryCodes : ["91"];

    internal IReadOnlyList<TimeSpan> DetailTimes => DetailsAfter.Count > 0
        ? DetailsAfter
        : [.. new[] { 2, 5, 15, 30, 60 }.Select(minutes => TimeSpan.FromMinutes(minutes))];
}

internal sealed class EnrichmentOptionsValidator : IValidateOptions<EnrichmentOptions>
{
    public ValidateOptionsResult Validate(string? name, EnrichmentOptions options)
    {
        var failures = new List<string>();
        if (options.DetailsAfter.Any(after => after <= TimeSpan.Zero) || !options.DetailsAfter.Order().SequenceEqual(options.DetailsAfter))
            failures.Add($"{EnrichmentOptions.Section}:DetailsAfter is '{string.Join(", ", options.DetailsAfter)}'; expected times above zero in ascending order.");
        foreach (var code in options.CountryCodes.Where(code => code.Length is 0 or > 3 || !code.All(char.IsAsciiDigit)))
            failures.Add($"{EnrichmentOptions.Section}:CountryCodes has '{code}'; expected one to three digits, such as 91.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
