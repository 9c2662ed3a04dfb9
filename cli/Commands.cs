using System.CommandLine;
using System.CommandLine.Help;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Help;
using Outdial.Cli.Inbound;
using Outdial.Cli.Kubernetes;
using Outdial.Cli.Redrive;
using Outdial.Cli.SupplyChain;
using Outdial.Cli.Testing;

namespace Outdial.Cli;

/// <summary>Each command lives in a folder of its own and is registered here. The script <c>outdial</c> hands over to them by name.</summary>
public static class Commands
{
    /// <returns>Under the name by which people call it, for its help.</returns>
    public static Command Create() => new("./outdial", "Outdial: outbound call campaigns over a telephony provider.")
    {
        new HelpOption(),
        new VersionOption(),
        DemoCommand.Create(),
        UpCommand.Create(),
        DownCommand.Create(),
        DownCommand.CreateStatus(),
        ScaleCommand.Create(),
        ChaosCommand.Create(),
        ExplainInboundCommand.Create(),
        RedriveCommand.Create(),
        NoticesCommand.Create(),
        SecretsCommand.Create(),
        HelpCommand.Create(),
        TestCommand.Create(),
        ServersCommand.Create(),
    };
}
