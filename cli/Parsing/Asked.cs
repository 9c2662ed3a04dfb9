using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Outdial.Cli.Parsing;

/// <summary>Whether a text is a value, and which.</summary>
internal delegate bool Reading<T>(string text, out T value);

/// <summary>Options that say of a value which they cannot take what it is and what it has to be, in one sentence.</summary>
internal static class Asked
{
    public static Option<int> Whole(string name, int from, int to, int usual, string description) =>
        Of(name, description, $"a whole number from {Text(from)} to {Text(to)}", (text, out value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= from && value <= to, usual);

    /// <summary>Of simulated people and faults.</summary>
    public static Option<long> Seed(string description) => Of("--seed", description, "a whole number", (text, out value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), 1L);

    public static Option<double> Number(string name, double from, double to, double usual, string description) =>
        Of(name, description, NumberExpected(from, to), (text, out value) => IsNumber(text, from, to, out value), usual);

    /// <summary>Null where it is not given.</summary>
    public static Option<double?> NumberOrNone(string name, double from, double to, string description) =>
        Of<double?>(name, description, NumberExpected(from, to), (text, out value) =>
        {
            var isNumber = IsNumber(text, from, to, out var number);
            value = number;
            return isNumber;
        }, null);

    /// <summary>One of few words.</summary>
    public static Option<string> Word(string name, string usual, string description, params string[] words)
    {
        var option = Of(name, description, $"{string.Join(", ", words[..^1])} or {words[^1]}", (text, out value) =>
        {
            value = text;
            return words.Contains(text);
        }, usual);
        option.HelpName = string.Join('|', words);
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>Where a program is served over HTTP; null where it is not given.</summary>
    public static Option<Uri?> Address(string name, string description, Uri? usual = null) =>
        Of<Uri?>(name, description, "an address such as http://localhost:8080", (text, out value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https", usual);

    /// <summary>Given or not.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <param name="expected">What it has to be, as the end of a sentence.</param>
    /// <param name="usual">Where it is not given.</param>
    /// <param name="shown">A value in a message; null: as it was given.</param>
    public static Option<T> Of<T>(
        string name, string description, string expected, Reading<T> read, T usual, Func<string, string>? shown = null) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result => result.Tokens[0].Value is var text && read(text, out var value)
                ? value
                : Refused(result, shown is null ? text : shown(text), expected, usual),
        };

    /// <summary>Keeps a misspelt option from being taken for what an argument names.</summary>
    public static Argument<T> WithoutOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
                result.AddError($"There is no option '{token.Value}' of {(result.Parent as CommandResult)?.Command.Name}.");
        });
        return argument;
    }

    /// <summary>Says what is wrong with the value of an option.</summary>
    /// <returns><paramref name="instead"/>, which nobody sees.</returns>
    public static T Refused<T>(ArgumentResult result, string value, string expected, T instead)
    {
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name} is '{value}' and must be {expected}.");
        return instead;
    }

    /// <summary>
    /// What was given for an option, as it stands there: null where it was not, empty where it takes no value. Rules that look at several options
    /// are asked while a value may still turn out to be none.
    /// </summary>
    public static string? Given(this CommandResult command, Option option) =>
        command.GetResult(option) is { Implicit: false } given ? given.Tokens.FirstOrDefault()?.Value ?? "" : null;

    private static string NumberExpected(double from, double to) => $"a number from {Text(from)} to {Text(to)}";

    private static bool IsNumber(string text, double from, double to, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && value >= from && value <= to;

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
