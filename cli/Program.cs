using System.CommandLine;
using Outdial.Cli;

// Long enough to stop servers in order after Ctrl-C.
return await Commands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
