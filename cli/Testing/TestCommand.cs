using System.CommandLine;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Testing;

/// <summary><c>outdial test</c>: everything that is claimed, proven on servers started for it.</summary>
public static class TestCommand
{
    public static Command Create()
    {
        var projects = new Argument<string[]>("projects")
        {
            Description = "Folders under tests/ to run, such as pacer. Default: all.",
            Arity = ArgumentArity.ZeroOrMore,
        }.WithoutOptions();
        var filter = new Option<string?>("--filter") { Description = "Only tests whose full name holds this text, or an expression of dotnet test." };
        var parallel = Asked.Whole("--parallel", 1, 1000, Environment.ProcessorCount,
            "Projects at a time; half as many of those that start whole platforms. Default: one per processor.");
        var command = new Command(
            "test", "Starts PostgreSQL and RabbitMQ (in containers where a Docker engine answers), runs the tests and stops everything.")
        {
            projects, filter, parallel,
        };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(() =>
            TestRun.RunAsync(
                TestProject.Find(parsed.GetValue(projects) ?? []), parsed.GetValue(filter), parsed.GetValue(parallel), cancel)));
        return command;
    }
}
