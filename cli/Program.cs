using System.CommandLine;
using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;
using Outdial.Cli.Demo;
using Outdial.Cli.Help;
using Outdial.Cli.Inbound;
using Outdial.Cli.Redrive;
using Outdial.Cli.Testing;

// Each command lives in a folder of its own and is registered here.
var outdial = new RootCommand("Outdial: outbound call campaigns over a telephony provider.")
{
    DemoCommand.Create(),
    UpCommand.Create(),
    DownCommand.Create(),
    DownCommand.CreateStatus(),
    ChaosCommand.Create(),
    ExplainInboundCommand.Create(),
    RedriveCommand.Create(),
    HelpCommand.Create(),
    TestCommand.Create(),
    ServersCommand.Create(),
};

// Long enough to stop servers in order after Ctrl-C.
return await outdial.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
