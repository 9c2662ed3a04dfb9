using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Ingress.Matching;

/// <summary>Believes an echo by its signature.</summary>
internal sealed class EchoReader(CallbackEchoes echoes) : IEchoReader
{
    public Guid? Read(string account, string? echo) => echoes.Read(account, echo);
}
