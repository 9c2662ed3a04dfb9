using System.Text.RegularExpressions;
using Outdial.Cli.Demo;

namespace Outdial.Deploy.Tests;

public class SettingsTests
{
    /// <summary>What is read by the framework or by libraries, not by code of ours.</summary>
    private static readonly string[] Foreign = ["ASPNETCORE_", "DOTNET_", "POSTGRES_", "RABBITMQ_", "GF_"];

    public static IEnumerable<object[]> Settings => ComposeFile.Ours
        .SelectMany(service => service.Value["environment"].Map.Keys.Select(setting => (Program: ComposeFile.ProgramOf(service.Value), Setting: setting)))
        .Distinct().Select(given => new object[] { given.Program, given.Setting });

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_is_read_by_the_program_that_is_given_it(string program, string setting) =>
        Assert.True(IsRead(program, setting), $"No code of {program} reads {setting}.");

    [Fact]
    public void Every_setting_of_a_simulation_is_read_by_a_program()
    {
        var settings = SimulatorPatience(30).Keys.Concat(DemoClock.Accelerated(30, TimeProvider.System).Environment().Keys);
        Assert.All(settings, setting => Assert.Contains(Repository.Programs.Keys, program => IsRead(program, setting)));
    }

    [Fact]
    public void A_misspelled_setting_is_found() => Assert.False(IsRead("ingress", "Ingress__SpoolFoldr"));

    [Fact]
    public void The_gateway_knows_every_service_that_has_addresses_behind_it() => Assert.Equal(
        ComposeFile.Serving.Select(service => service.Key).Except(["gateway", "simulator"]).Order(),
        ComposeFile.Services["gateway"]["environment"].Map.Keys
            .Where(key => key.StartsWith("Gateway__Services__", StringComparison.Ordinal)).Select(key => key.Split("__")[2]).Order());

    [Fact]
    public void Keys_of_people_are_known_to_the_gateway_alone_and_there_only_as_hashes()
    {
        foreach (var (name, service) in ComposeFile.Ours)
        {
            var keys = service["environment"].Map.Keys.Where(key => key.StartsWith("ApiKeys__", StringComparison.Ordinal)).ToList();
            Assert.Equal(name == "gateway" ? ["ApiKeys__0__Name", "ApiKeys__0__Role", "ApiKeys__0__Hash"] : [], keys);
        }
    }

    internal static Dictionary<string, string> SimulatorPatience(double speed)
    {
        var settings = new Dictionary<string, string>();
        SimulatorAccount.Patience(settings, speed);
        return settings;
    }

    /// <summary>Whether the program's code, or that of a library it uses, has the section as a text and the key as a text or a property.</summary>
    internal static bool IsRead(string program, string setting)
    {
        if (Foreign.Any(prefix => setting.StartsWith(prefix, StringComparison.Ordinal)))
            return true;
        var code = string.Join('\n', Repository.CodeOf(Repository.Programs[program]));
        var parts = setting.Split("__");
        if (parts.Length > 2 && parts[^1].All(char.IsAsciiDigit))
            parts = parts[..^1];   // an entry of a list
        return parts[0] switch
        {
            "ConnectionStrings" => Regex.IsMatch(code, $@"(AddDatabase|AddLateDatabase)<\w+>\(""{parts[1]}""|GetConnectionString\(""{parts[1]}""\)"),
            "Gateway" when parts[1] == "Services" => code.Contains($"\"{parts[2]}\"", StringComparison.Ordinal),
            var section => Regex.IsMatch(code, $@"""{section}(""|:)") && (parts.Length == 1 || HasKey(code, parts[^1])),
        };
    }

    private static bool HasKey(string code, string key) =>
        Regex.IsMatch(code, $@"public [^(=\n]+ {key} \{{") || Regex.IsMatch(code, $@"""([A-Za-z]+:)?{key}""");
}
