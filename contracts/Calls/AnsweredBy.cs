namespace Outdial.Contracts;

/// <summary>
/// The one rule on who picked up, by the provider's word for it (<c>human</c>, <c>Machine</c>, <c>machine_end_beep</c>, <c>fax</c>, …): outcomes,
/// drops, pacing and reports all go by it, or their figures would differ.
/// </summary>
public static class AnsweredBy
{
    /// <summary>The words of what is no person, as a regular expression for PostgreSQL's <c>~*</c>; <see cref="IsMachine"/> says the same.</summary>
    public const string Machines = "^(machine|fax|voicemail|ivr)";

    private static readonly string[] Words = ["machine", "fax", "voicemail", "ivr"];

    /// <param name="answeredBy">In any case; null or a word that is not known: a person, who must not be dropped.</param>
    public static bool IsMachine(string? answeredBy) =>
        answeredBy is not null && Array.Exists(Words, word => answeredBy.StartsWith(word, StringComparison.OrdinalIgnoreCase));
}
