using System.CommandLine;
using System.CommandLine.Help;

namespace Outdial.Cli.Tests;

/// <summary>What every command makes of words that cannot be meant.</summary>
public class CommandTests
{
    /// <summary>Options whose value is any text: whether it is good, a file, a queue or the platform says.</summary>
    private static readonly string[] s_texts = ["--filter", "--namespace", "--folder", "--from", "--key", "--key-file", "--queue", "--to"];

    public static TheoryData<string, string> Options => All(_ => true);

    public static TheoryData<string, string> Valued => All(option => option.ValueType != typeof(bool) && !s_texts.Contains(option.Name));

    public static TheoryData<string> Names => [.. Commands.Create().Subcommands.Select(command => command.Name)];

    [Theory, MemberData(nameof(Valued))]
    public async Task A_value_that_an_option_cannot_take_is_refused_by_option_value_and_expectation(string command, string option)
    {
        var parsed = Commands.Create().Parse($"{command} {Beside(option)} {option}=nonsense");

        Assert.Contains(parsed.Errors, error => error.Message.StartsWith($"{option} is 'nonsense' and must be ", StringComparison.Ordinal));
        var (code, _, said) = await RunAsync(parsed);
        Assert.Equal(1, code);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot parse", said, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Options))]
    public async Task No_value_whatever_ends_a_command_by_an_exception(string command, string option)
    {
        foreach (var value in new[] { "", " ", "-1", "0", "99999", "99999999999999999999", "1e400", "NaN", "∞", "http://", "http://foo:99999", "amqp://", "=", "'" })
        {
            // Another word is wrong for certain, so that nothing is run.
            var parsed = Commands.Create().Parse([command, $"{option}={value}", "--no-such-option", "--nor-this"]);

            Assert.NotEmpty(parsed.Errors);
            var (code, _, said) = await RunAsync(parsed);
            Assert.Equal(1, code);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("demo --agents abc", "--agents is 'abc' and must be a whole number from 1 to 90.")]
    [InlineData("demo --speed 0.5", "--speed is '0.5' and must be a number from 1 to 600.")]
    [InlineData("demo --mode foo", "--mode is 'foo' and must be notification, progressive, preview or power.")]
    [InlineData("demo --key-file /tmp/none", "--key-file is '/tmp/none' and goes with --address only: a platform of one's own makes its keys by itself.")]
    [InlineData("chaos --minutes x", "--minutes is 'x' and must be a number from 0.5 to 600.")]
    [InlineData("up --port 99999", "--port is '99999' and must be a whole number from 0 to 65535.")]
    [InlineData("up --replicas 2 --replicas pacr=3", "--replicas is 'pacr=3' and must be a number from 1 to 20, or one for a service, such as pacer=3; the services are ingress, pacer, enrichment, agent-router, analytics, gateway.")]
    [InlineData("scale pacer", "SERVICE=N is 'pacer' and must be a service and a number from 1 to 20, such as pacer=3; the services are ingress, pacer, enrichment, agent-router, analytics.")]
    [InlineData("scale pacer=2 gateway=2", "SERVICE=N is 'gateway=2' and must be a service and a number from 1 to 20, such as pacer=3; the services are ingress, pacer, enrichment, agent-router, analytics.")]
    [InlineData("test pacer --parallel 0", "--parallel is '0' and must be a whole number from 1 to 1000.")]
    [InlineData("kubernetes-secrets --postgres db.example.com --rabbitmq http://mq", "--rabbitmq is 'http://mq' and must be an address such as amqps://mq.example.com:5671/, without a login.")]
    [InlineData("kubernetes-secrets --postgres db.example.com --rabbitmq amqp://mq --namespace A", "--namespace is 'A' and must be a name of small letters, digits and hyphens.")]
    [InlineData("redrive --rabbitmq foo", "--rabbitmq is 'foo' and must be an address such as amqp://user:password@host:5672/.")]
    [InlineData("redrive --rabbitmq http://outdial:secret@mq", "--rabbitmq is '…@mq' and must be an address such as amqp://user:password@host:5672/.")]
    public void The_sentence_is_the_only_one_and_holds_no_password(string line, string expected) =>
        Assert.Equal(expected, Assert.Single(Commands.Create().Parse(line).Errors).Message);

    [Theory, InlineData("demo --sped 3", "There is no option '--sped' of demo."), InlineData("test pacer --filtre a", "There is no option '--filtre' of test.")]
    public void A_misspelt_option_is_not_taken_for_a_list_or_a_project(string line, string expected) =>
        Assert.Contains(Commands.Create().Parse(line).Errors, error => error.Message == expected);

    [Theory]
    [InlineData("up --replicas 2 pacer=3 --port 0 --speed 1")]
    [InlineData("chaos --seed 7 --minutes 0.5")]
    [InlineData("redrive --rabbitmq amqps://outdial:secret@mq:5671/outdial --list")]
    [InlineData("demo --address http://localhost:8080 --simulator http://localhost:8090 --key-file key --keep")]
    public void What_can_be_meant_is_taken(string line) => Assert.Empty(Commands.Create().Parse(line).Errors);

    [Fact]
    public void Processes_of_each_service_are_those_that_were_named_last()
    {
        var replicas = Commands.Create().Parse("up --replicas 2 pacer=3").GetValue<IReadOnlyDictionary<string, int>>("--replicas")!;

        Assert.Equal((3, 2), (replicas["pacer"], replicas["ingress"]));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_help_of_a_command_names_it_as_people_call_it(string name)
    {
        var (code, told, _) = await RunAsync(Commands.Create().Parse([name, "--help"]));

        Assert.Equal(0, code);
        Assert.Contains($"./outdial {name}", told, StringComparison.Ordinal);
    }

    private static TheoryData<string, string> All(Func<Option, bool> isMeant)
    {
        TheoryData<string, string> options = [];
        foreach (var command in Commands.Create().Subcommands)
        {
            foreach (var option in command.Options.Where(option => option is not HelpOption && isMeant(option)))
                options.Add(command.Name, option.Name);
        }
        return options;
    }

    /// <summary>What an option only goes with.</summary>
    private static string Beside(string option) => option switch
    {
        "--address" => "--simulator http://localhost:8090",
        "--simulator" => "--address http://localhost:8080",
        "--caller-id" or "--window" or "--redial" => "--provider exotel",
        _ => "",
    };

    private static async Task<(int Code, string Told, string Said)> RunAsync(ParseResult parsed)
    {
        var (told, said) = (new StringWriter(), new StringWriter());
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = told, Error = said });
        return (code, told.ToString(), said.ToString());
    }
}
