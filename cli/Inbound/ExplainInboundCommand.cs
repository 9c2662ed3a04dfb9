using System.CommandLine;
using Outdial.Cli.Api;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;

namespace Outdial.Cli.Inbound;

/// <summary><c>outdial explain-inbound</c>: how a call that comes in would be routed now.</summary>
public static class ExplainInboundCommand
{
    /// <summary>Where the host listens when it is told nothing else.</summary>
    private const string DefaultAddress = "http://localhost:5080/";

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The caller's number.", Required = true };
        var to = new Option<string>("--to") { Description = "The number of ours that is called.", Required = true };
        var address = Asked.Address("--address", "Where Outdial, or its agent-router, is served.", new Uri(DefaultAddress));
        var key = new Option<string?>("--key") { Description = "An API key. Default: the environment's OUTDIAL_KEY." };

        var command = new Command("explain-inbound", "Explains how a call from one number to another would be routed now, and what is wrong with it.") { from, to, address, key };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var secret = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("OUTDIAL_KEY")
                ?? throw new CommandFailure("An API key is needed: --key, or OUTDIAL_KEY in the environment.");
            using var api = OutdialApi.At(parsed.GetValue(address)!, secret);
            var told = await api.ExplainInboundAsync(parsed.GetValue(from)!, parsed.GetValue(to)!, cancel);
            ExplanationView.Write(Terminal.Console, told);
            return told.Problems.Count == 0 ? 0 : 1;
        }));
        return command;
    }
}
