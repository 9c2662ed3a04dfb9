using System.CommandLine;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Help;
using Outdial.Cli.Inbound;
using Outdial.Cli.Redrive;
using Outdial.Cli.SupplyChain;
using Outdial.Cli.Testing;

namespace Outdial.Cli;

/// <summary>Each command lives in a folder of its own and is registered here. The script <c>outdial</c> hands over to them by name.</summary>
public static class Commands
{
    public static RootCommand Create() => new("Outdial: outbound call campaigns over a telephony provider.")
    {
        DemoCommand.Create(),
        UpCommand.Create(),
        DownCommand.Create(),
        DownCommand.CreateStatus(),
        ChaosCommand.Create(),
        ExplainInboundCommand.Create(),
        RedriveCommand.Create(),
        NoticesCommand.Create(),
        HelpCommand.Create(),
        TestCommand.Create(),
        ServersCommand.Create(),
    };
}
