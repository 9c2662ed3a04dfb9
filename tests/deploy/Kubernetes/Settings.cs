using k8s.Models;
using Outdial.Cli.Kubernetes;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>The environment that a container gets, from all the places that it names.</summary>
internal static class Settings
{
    public static InstallationSecrets Secrets { get; } = new(new byte[32], ServerPlaces.Demo);

    public static IReadOnlyDictionary<string, string> Of(Manifests made, Workload workload)
    {
        var maps = made.Kind<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);
        var secrets = Secrets.Demo();
        var all = new Dictionary<string, string>();
        foreach (var from in workload.Container.EnvFrom ?? [])
        {
            foreach (var (key, value) in from.ConfigMapRef is { } map ? maps[map.Name].Data : new Dictionary<string, string>())
                Assert.True(all.TryAdd(key, value), $"{workload.Name} is given {key} twice.");
            foreach (var (key, value) in from.SecretRef is { } secret ? secrets[secret.Name] : new Dictionary<string, string>())
                Assert.True(all.TryAdd(key, value), $"{workload.Name} is given {key} twice.");
        }
        foreach (var variable in workload.Container.Env ?? [])
            Assert.True(all.TryAdd(variable.Name, variable.Value), $"{workload.Name} is given {variable.Name} twice.");
        return all;
    }
}
