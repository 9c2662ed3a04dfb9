using System.Runtime.CompilerServices;
using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>What tests write is for nobody else, like what the platform writes.</summary>
internal static class ClosedToOthers
{
#pragma warning disable CA2255   // this library is part of the tests' process, and the mask is the process's
    [ModuleInitializer]
    internal static void Begin() => PrivateFiles.CloseToOthers();
#pragma warning restore CA2255
}
