using System.CommandLine;
using Outdial.Cli;
using Outdial.LocalServers;

PrivateFiles.CloseToOthers();
// Long enough to stop servers in order after Ctrl-C.
return await Commands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
