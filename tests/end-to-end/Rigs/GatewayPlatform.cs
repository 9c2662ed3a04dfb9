using Outdial.Cli.Api;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>Every service in its own process, and a gateway before them: all that people, programs and the provider ask goes through it.</summary>
public sealed class GatewayPlatform : Platform
{
    private readonly Uri _address;

    private GatewayPlatform(Rig rig, Uri address, ServicePlatform services) : base(rig)
    {
        (_address, Services) = (address, services);
        Api = OutdialApi.Patient(address, ApiKey);
    }

    /// <summary>The services behind it, for tests that stop one.</summary>
    public ServicePlatform Services { get; }

    public override IReadOnlyList<Uri> Addresses => [_address, .. Services.Addresses];

    /// <summary>The gateway's, whichever service is meant.</summary>
    public override Uri AddressOf(string service) => _address;

    public static async Task<GatewayPlatform> StartAsync(Rig rig)
    {
        var address = Rig.LocalAddress();
        const string identity = "end-to-end-identity-key-0123456789abcdef";
        var services = await ServicePlatform.StartAsync(rig, new Dictionary<string, string>
        {
            ["Identity__SigningKey"] = identity,
            ["Accounts__default__CallbackBaseAddress"] = address.ToString(),
        });
        var platform = new GatewayPlatform(rig, address, services);
        var settings = platform.Settings(address);
        settings["Identity__SigningKey"] = identity;
        settings["ConnectionStrings__gateway"] = await PostgresServer.CreateDatabaseAsync("gateway");
        foreach (var name in ServicePlatform.Services)
            settings[$"Gateway__Services__{name.Replace('-', '_')}"] = services.AddressOf(name).ToString();
        await rig.RunAsync("gateway", "gateway", "Outdial.Gateway", settings, address);
        return platform;
    }
}
