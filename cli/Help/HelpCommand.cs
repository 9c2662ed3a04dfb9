using System.CommandLine;

namespace Outdial.Cli.Help;

/// <summary><c>outdial help</c>: what there is, on one page.</summary>
public static class HelpCommand
{
    private const string Text = """
        Outdial: outbound call campaigns over a telephony provider.

        ./outdial demo [leads.csv]       A whole campaign against a simulated provider: import, dialing at an
                                         accelerated clock with live progress, report, verdict. Ends with one line,
                                           verdict: ok leads=1000 accounted=1000 double_dials=0 lost_events=0
                                         or "verdict: FAILED ..." and exit code 1.
            --seed N                     Repeats a run: simulated people and faults depend on it alone. Default 1.
            --faults none|some|many      The simulated provider's mischief. Default some.
            --speed X                    Virtual seconds per real second. Default 30.
            --keep                       Go on serving after the report, with addresses and examples, until Ctrl-C.
            --provider exotel            Ring real phones through a server that speaks Exotel's HTTP. Takes the
                                         account from the environment: OUTDIAL_EXOTEL_BASE_ADDRESS, _ACCOUNT_SID,
                                         _API_KEY, _API_TOKEN, _FLOW and _CALLBACK_ADDRESS, which has to lead to
                                         OUTDIAL_EXOTEL_LISTEN (http://127.0.0.1:5080/). Needs leads.csv, and asks
                                         before it dials.
            --yes                        Do not ask.

        ./outdial explain-inbound --from N --to N
                                         How a call from one number to a number of ours would be routed now: trunk,
                                         direction, mode, flow, agents in order with reasons, and what is wrong.
            --address URL                Where Outdial is served. Default http://localhost:5080/.
            --key KEY                    An API key; default OUTDIAL_KEY of the environment.

        ./outdial redrive                Shows the messages that failed for good, queue by queue with reasons, and sends
                                         them back to where they failed, under their own ids.
            --list                       Only show them.
            --queue NAME                 Of one queue alone.
            --limit N                    At most so many, the oldest of each queue first.
            --rabbitmq amqp://…          The broker; default that of the running "./outdial up".

        ./outdial test                   Runs all tests against private servers, and leaves nothing running.

        ./outdial help                   This page. "./outdial <command> --help" lists a command's options.

        Logs of a demo: .outdial/demo/logs. Data of a demo: .outdial/demo/data, made anew by each run.
        """;

    public static Command Create()
    {
        var command = new Command("help", "What there is, on one page.");
        command.SetAction(_ => Console.WriteLine(Text));
        return command;
    }
}
