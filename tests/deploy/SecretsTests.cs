using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Outdial.Cli.Processes;

namespace Outdial.Deploy.Tests;

/// <summary><c>./outdial compose-env</c>, run in folders of the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class SecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outdial-compose-").FullName;

    [Fact]
    public void No_secret_has_a_value_of_its_own_in_the_compose_file()
    {
        foreach (var (name, service) in ComposeFile.Services)
        {
            foreach (var (setting, value) in service["environment"].Map.Where(setting => Secrets.IsNameOfOne(setting.Key)))
                Assert.True(Secrets.IsRequired(value.Text), $"{name} has {setting} = {value.Text}; expected a variable without a default.");
        }
        // Passwords inside of longer values.
        Assert.All(Inside().Matches(ComposeFile.Text), match => Assert.StartsWith("${OUTDIAL_", match.Groups[1].Value));
    }

    [Fact]
    public void Every_variable_that_compose_insists_on_is_made_and_no_other()
    {
        Run();
        Assert.Equal(ComposeFile.Required.Order(), Env().Keys.Order());
    }

    [Fact]
    public void Without_the_variables_compose_says_which_command_makes_them() =>
        Assert.All(Insisted().Matches(ComposeFile.Text), match => Assert.Equal("run ./outdial compose-env first", match.Groups[1].Value));

    [Fact]
    public void A_second_run_keeps_every_secret_and_adds_what_is_missing()
    {
        Run();
        var first = Env();
        File.WriteAllLines(EnvFile, File.ReadAllLines(EnvFile).Where(line => !line.StartsWith("OUTDIAL_GRAFANA", StringComparison.Ordinal)));
        Run();
        var second = Env();
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.Equal(["OUTDIAL_GRAFANA_PASSWORD"], first.Keys.Where(key => first[key] != second[key]));
    }

    [Fact]
    public void Secrets_are_long_all_different_and_readable_by_their_owner_alone()
    {
        Run();
        Assert.All(Env().Values, secret => Assert.Matches("^[0-9a-f]{64}$", secret));
        Assert.Equal(Env().Count, Env().Values.Distinct().Count());
        foreach (var file in (string[])[EnvFile, KeyFile])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void The_gateway_is_given_the_hash_of_the_key_in_the_admins_file()
    {
        Run();
        var key = File.ReadAllText(KeyFile).Trim();
        Assert.Equal(Env()["OUTDIAL_ADMIN_KEY"], key);
        Assert.Equal(Env()["OUTDIAL_ADMIN_KEY_HASH"], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
    }

    [Theory]
    [InlineData("30")]
    [InlineData("7.5")]
    [InlineData("600")]
    public void An_accelerated_stack_has_the_patience_of_the_demo(string speed)
    {
        Run("--speed", speed);
        var clock = Read(ClockFile);
        Assert.Equal(speed, clock["Clock__Speed"]);
        Assert.True(DateTimeOffset.Parse(clock["Clock__RealOrigin"], CultureInfo.InvariantCulture) <= TimeProvider.System.GetUtcNow());
        var patience = clock.Where(setting => !setting.Key.StartsWith("Clock__", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(SettingsTests.SimulatorPatience(double.Parse(speed)).OrderBy(setting => setting.Key), patience.OrderBy(setting => setting.Key));
    }

    [Fact]
    public void Real_time_needs_no_clock()
    {
        Run("--speed", "30");
        Run("--speed", "1");
        Assert.False(File.Exists(ClockFile));
    }

    [Theory]
    [InlineData("--speed", "fast")]
    [InlineData("--speed", "0")]
    [InlineData("--speed", "601")]
    [InlineData("--sped", "30")]
    public void A_wrong_option_is_refused_and_nothing_is_made(params string[] words)
    {
        Assert.NotEqual(0, Start(words));
        Assert.False(File.Exists(EnvFile));
    }

    [Fact]
    public void What_it_makes_is_never_committed() =>
        Assert.Superset(new HashSet<string> { ".env", ".outdial/" }, Repository.Read(".gitignore").Split('\n').ToHashSet());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string EnvFile => Path.Combine(_folder, ".env");

    private string KeyFile => Path.Combine(_folder, ".outdial", "compose", "admin-api-key");

    private string ClockFile => Path.Combine(_folder, ".outdial", "compose", "clock.env");

    private Dictionary<string, string> Env() => Read(EnvFile);

    private void Run(params string[] words) => Assert.Equal(0, Start(words));

    private int Start(string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(Workshop.Root, "outdial"), ["compose-env", .. words])
        {
            Environment = { ["OUTDIAL_ENV_FOLDER"] = _folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Dictionary<string, string> Read(string file) => File.ReadAllLines(file)
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex(@"(?:Password=|amqp://\w+:)(\S+)")]
    private static partial Regex Inside();

    [GeneratedRegex(@"\$\{\w+:\?([^}]*)\}")]
    private static partial Regex Insisted();
}
