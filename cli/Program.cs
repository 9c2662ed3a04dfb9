using System.CommandLine;

// Each command lives in a folder of its own and is registered here.
var outdial = new RootCommand("Outdial: outbound call campaigns over a telephony provider.");

return await outdial.Parse(args).InvokeAsync();
