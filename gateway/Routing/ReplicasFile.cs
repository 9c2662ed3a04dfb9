using Microsoft.Extensions.Configuration.Json;

namespace Outdial.Gateway.Routing;

/// <summary>The file of <see cref="GatewayOptions.ReplicasFile"/>: followed when it changes, and passed over while it cannot be read.</summary>
internal sealed class ReplicasFile : JsonConfigurationSource
{
    /// <exception cref="InvalidOperationException">There is none, or it is no JSON.</exception>
    public static ReplicasFile At(string path)
    {
        var file = new ReplicasFile { Path = System.IO.Path.GetFullPath(path), ReloadOnChange = true };
        file.OnLoadException = problem => throw Wrong(path, (problem.Exception.InnerException ?? problem.Exception).Message);
        if (!File.Exists(file.Path))
            throw Wrong(path, "there is no such file.");
        file.ResolveFileProvider();
        return file;
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder) => new Reader(this);

    private static InvalidOperationException Wrong(string path, string why) =>
        new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ReplicasFile)} is '{path}'; expected a JSON file of addresses: {why}");

    private sealed class Reader(ReplicasFile source) : JsonConfigurationProvider(source)
    {
        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
            }
            catch (FormatException) when (Data.Count > 0)
            {
                // It is being written: what it said before holds until it can be read again.
            }
        }
    }
}
