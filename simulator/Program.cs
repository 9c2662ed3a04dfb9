using System.Reflection;
using Outdial.Simulator;

if (args is ["--version"])
{
#pragma warning disable RS0030 // What was asked for on the command line
    Console.WriteLine(typeof(SimulatorSetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
#pragma warning restore RS0030
    return;
}

var builder = WebApplication.CreateBuilder(args);

builder.AddSimulator();

var app = builder.Build();
app.MapSimulator();
await app.RunAsync();
