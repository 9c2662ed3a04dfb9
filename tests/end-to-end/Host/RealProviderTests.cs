using System.Globalization;
using Outdial.EndToEnd.Tests.Standin;
using Outdial.LocalServers;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.EndToEnd.Tests.Host;

/// <summary>
/// <c>outdial demo --provider exotel leads.csv</c>, the program, in real time, against a provider that has just the published endpoints:
/// no list of the account's numbers, no record for a verdict, no mischief.
/// </summary>
public sealed class RealProviderTests(ITestOutputHelper log) : IAsyncLifetime
{
    private const string Answers = "+919825012301", OnSecondCall = "+919825012302", OnThirdCall = "+919825012303";
    private const string Never = "+919825012304", OnRegistry = "+919825012305";

    private static readonly Dictionary<string, string[]> s_people = new()
    {
        [Answers] = ["completed"],
        [OnSecondCall] = ["no-answer", "completed"],
        [OnThirdCall] = ["busy", "busy", "completed"],
        [Never] = ["failed"],
        [OnRegistry] = ["completed"],
    };

    private readonly string _folder = TemporaryFolder.Make("real-provider");
    private readonly ExotelStandin _exotel = new(s_people, new HashSet<string> { OnRegistry });

    public Task InitializeAsync() => _exotel.StartAsync();

    public async Task DisposeAsync()
    {
        await _exotel.DisposeAsync();
        TemporaryFolder.Remove(_folder);
    }

    [Fact]
    public async Task A_list_is_called_to_its_end_and_the_verdict_is_the_ledgers()
    {
        var leads = await ListAsync("phone,name\n+919825012301,Asha\n09825012302,Bina\n'+919825012303,'=SUM(A1)\n98250 12304,Devi\n+919825012305,Esha\n12345,Nobody\n");

        var (exitCode, output, errors) = await DemoProgram.RunAsync(Account(),
            "--provider", "exotel", leads, "--yes", "--caller-id", "+918047851000", "--caller-id", "+912248850020", "--window", "00:00-24:00 Asia/Kolkata",
            "--redial", "1s", "--folder", _folder);

        log.WriteLine(output);
        Assert.True(exitCode == 0, $"{output}\n{errors}\n{string.Join('\n', _exotel.Refusals)}");
        log.WriteLine(string.Join('\n', _exotel.Calls.Select(c => $"{c.At:HH:mm:ss.f} {c.From} {c.Status}")));
        Assert.Equal("verdict: ok leads=5 accounted=5 double_dials=0 lost_events=0 source=ledger", output.TrimEnd().Split('\n')[^1]);
        Assert.Contains("1 row refused; 2 caller IDs", output, StringComparison.Ordinal);
        Assert.Equal(
            [$"{Answers} 1", $"{OnSecondCall} 2", $"{OnThirdCall} 3", $"{Never} 3"],
            _exotel.Calls.GroupBy(call => call.From).OrderBy(calls => calls.Key).Select(calls => $"{calls.Key} {calls.Count()}"));
        Assert.Equal(["+912248850020", "+918047851000"], _exotel.Calls.Select(call => call.CallerId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(_exotel.Calls.Count, _exotel.Calls.Select(call => call.CustomField).Distinct().Count());
        Assert.Equal(["09825012301", "09825012302", "09825012303", "09825012304", "09825012305"], _exotel.LookedUp.Distinct().Order(StringComparer.Ordinal));
        Assert.All(await _exotel.CallbackAnswersAsync(), answer => Assert.InRange((int)answer, 200, 299));
        Assert.Empty(_exotel.Refusals);
    }

    [Fact]
    public async Task Nobody_is_called_when_nobody_said_yes_or_when_the_account_is_not_told()
    {
        var leads = await ListAsync("phone\n+919825012301\n");
        var incomplete = Account();
        incomplete["OUTDIAL_EXOTEL_FLOW"] = "";
        incomplete["OUTDIAL_EXOTEL_BASE_ADDRESS"] = "api.exotel.com";

        var unasked = await DemoProgram.RunAsync(Account(), "--provider", "exotel", leads, "--folder", _folder);
        var untold = await DemoProgram.RunAsync(incomplete, "--provider", "exotel", leads, "--yes", "--folder", _folder);
        var misread = await DemoProgram.RunAsync(Account(), "--provider", "exotel", leads, "--yes", "--caller-id", "080-4785-1000", "--folder", _folder);

        Assert.Equal((1, 1, 1), (unasked.ExitCode, untold.ExitCode, misread.ExitCode));
        Assert.Contains("say so with --yes", unasked.Errors, StringComparison.Ordinal);
        Assert.Contains("OUTDIAL_EXOTEL_FLOW is not set", untold.Errors, StringComparison.Ordinal);
        Assert.Contains("OUTDIAL_EXOTEL_BASE_ADDRESS is 'api.exotel.com': expected an http or https address", untold.Errors, StringComparison.Ordinal);
        Assert.Contains("--caller-id is '080-4785-1000' and must be a number in E.164 form", misread.Errors, StringComparison.Ordinal);
        Assert.Empty(_exotel.Calls);
        Assert.Empty(_exotel.Refusals);
    }

    private async Task<string> ListAsync(string csv)
    {
        var file = Path.Combine(_folder, "leads.csv");
        await File.WriteAllTextAsync(file, csv);
        return file;
    }

    private Dictionary<string, string> Account()
    {
        var here = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/");
        return new()
        {
            ["OUTDIAL_EXOTEL_BASE_ADDRESS"] = _exotel.Address.ToString(),
            ["OUTDIAL_EXOTEL_ACCOUNT_SID"] = ExotelStandin.Sid,
            ["OUTDIAL_EXOTEL_API_KEY"] = ExotelStandin.Key,
            ["OUTDIAL_EXOTEL_API_TOKEN"] = ExotelStandin.Token,
            ["OUTDIAL_EXOTEL_FLOW"] = "926",
            ["OUTDIAL_EXOTEL_CALLBACK_ADDRESS"] = here,
            ["OUTDIAL_EXOTEL_LISTEN"] = here,
        };
    }
}
