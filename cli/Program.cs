using System.CommandLine;
using System.CommandLine.Invocation;
using Outdial.Cli;
using Outdial.LocalServers;

PrivateFiles.CloseToOthers();
// Before the script builds for minutes it asks whether these words can be meant at all.
var (isAskedOnly, words) = args is ["understand", .. var rest] ? (true, rest) : (false, args);
var parsed = Commands.Create().Parse(words);
if (parsed.Action is ParseErrorAction wrong)
    wrong.ShowHelp = false;
else if (isAskedOnly)
    return 0;
// Long enough to stop servers in order after Ctrl-C.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
