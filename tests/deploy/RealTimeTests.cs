using System.Globalization;
using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>
/// The sources of all tests, read as text. How much time passes by a test's clock, and whether a test is patient enough, must not depend on how
/// fast the machine is: a helper that turns the clock each time it looks lets it run as far as the machine is slow.
/// </summary>
public sealed partial class RealTimeTests
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromMinutes(1);

    private static IReadOnlyList<(string Path, string Text)> Sources { get; } =
    [
        .. Directory.EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Repository.At(), file).Replace('\\', '/'), File: file))
            .Where(source => !source.Path.Split('/').Any(part => part is "bin" or "obj" or nameof(RealTimeTests) + ".cs"))
            .Select(source => (source.Path, File.ReadAllText(source.File))),
    ];

    [Fact]
    public void No_clock_is_turned_while_a_test_looks_again_and_again()
    {
        Assert.Contains(Sources, source => Looks(source.Text).Any());
        AssertNone(
            text => Looks(text).Where(look => Turning().IsMatch(look)), "Turn the clock by steps: clock.Until(…), or Turn(…) and then Eventually");
    }

    [Fact]
    public void Nothing_waits_for_some_real_time_to_pass() => AssertNone(
        text => Sleep().Matches(text).Select(match => match.Value), "Wait for what shall happen: Eventually, clock.Settle(), a Hold",
        except: "tests/testing/");

    [Fact]
    public void No_test_loses_patience_before_a_minute_is_over() => AssertNone(
        text => Looks(text).SelectMany(look => LookDeadline().Matches(look)).Concat(Deadline().Matches(text))
            .Where(IsShort).Select(match => match.Value),
        "Eventually.Patience is long enough, and costs time only when the test fails");

    [Theory]
    [InlineData("await Eventually.Async(() =>\n{\n    node.Clock.Advance(step);\n    return Ask(condition);\n});", true)]
    [InlineData("Eventually.Async(async () => { if (condition()) return true; Simulator.Pass(Second); return false; })", true)]
    [InlineData("await Eventually.Some(() => Find(\":)\", clock.SetUtcNow(noon)));", true)]
    [InlineData("clock.Advance(step);\nawait Eventually.Async(() => line.IsCompleted);\nclock.Advance(step);", false)]
    [InlineData("await Eventually.Async(() => clock.Delays == 1);", false)]
    public void A_helper_that_turns_the_clock_while_it_looks_is_found(string text, bool found) =>
        Assert.Equal(found, Looks(text).Any(look => Turning().IsMatch(look)));

    [Theory]
    [InlineData("Eventually.Async(() => done, TimeSpan.FromSeconds(30))", true)]
    [InlineData("Eventually.Async(() => at == start + TimeSpan.FromSeconds(1))", false)]
    [InlineData("Eventually.Async(() => done, TimeSpan.FromSeconds(90), \"it is done\")", false)]
    public void A_short_deadline_is_found(string text, bool found) =>
        Assert.Equal(found, Looks(text).SelectMany(look => LookDeadline().Matches(look)).Any(IsShort));

    private static void AssertNone(Func<string, IEnumerable<string>> find, string instead, string? except = null)
    {
        var found = Sources.Where(source => except is null || !source.Path.StartsWith(except, StringComparison.Ordinal))
            .SelectMany(source => find(source.Text).Select(what => $"{source.Path}: {what.ReplaceLineEndings(" ")}")).ToList();
        Assert.True(found.Count == 0, $"{instead}:\n{string.Join('\n', found)}");
    }

    private static bool IsShort(Match deadline)
    {
        var count = double.Parse(deadline.Groups["count"].Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return (deadline.Groups["unit"].Value == "Seconds" ? TimeSpan.FromSeconds(count) : TimeSpan.FromMilliseconds(count)) < ShortestPatience;
    }

    /// <summary>Each use of <c>Eventually</c>, with what it is given.</summary>
    private static IEnumerable<string> Looks(string text)
    {
        foreach (Match call in Look().Matches(text))
        {
            var (end, open) = (call.Index + call.Length, 1);
            while (open > 0 && end < text.Length)
            {
                var quoted = Quoted().Match(text, end);
                if (quoted.Success && quoted.Index == end)
                {
                    end += quoted.Length;
                    continue;
                }
                open += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
                end++;
            }
            yield return text[call.Index..end];
        }
    }

    [GeneratedRegex(@"\bEventually\.\w+(<\w+>)?\(")]
    private static partial Regex Look();

    [GeneratedRegex(@"""(\\.|[^""\\\n])*""|'(\\.|[^'\\\n])'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.(Advance|SetUtcNow|Turn|TurnTo|Pass)\(")]
    private static partial Regex Turning();

    // For ever is until somebody cancels, and a delay by the test's clock ends by the test's hand.
    [GeneratedRegex(@"(\bTask\.Delay\((?!Timeout\.Infinite)|new PeriodicTimer\()[^;\n]*TimeProvider\.System|\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@", (deadline: )?TimeSpan\.From(?<unit>Seconds|Milliseconds)\((?<count>[\d._]+)\)(?=[,)])")]
    private static partial Regex LookDeadline();

    [GeneratedRegex(@"TimeSpan\.From(?<unit>Seconds|Milliseconds)\((?<count>[\d._]+)\), TimeProvider\.System")]
    private static partial Regex Deadline();
}
