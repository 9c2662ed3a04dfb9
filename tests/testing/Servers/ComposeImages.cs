using Outdial.LocalServers;
using YamlDotNet.RepresentationModel;

namespace Outdial.Testing;

/// <summary>The images that <c>docker-compose.yml</c> uses: the tests use the same.</summary>
public static class ComposeImages
{
    /// <summary>The image of a service.</summary>
    /// <exception cref="InvalidOperationException">There is no checkout, or the file names no image for the service.</exception>
    public static string Of(string service)
    {
        var file = Checkout.At("docker-compose.yml");
        var compose = new YamlStream();
        compose.Load(new StringReader(File.ReadAllText(file)));
        return compose.Documents[0].RootNode is YamlMappingNode root && root["services"] is YamlMappingNode services
            && services.Children.TryGetValue(service, out var found) && found is YamlMappingNode its
            && its.Children.TryGetValue("image", out var image)
            ? image.ToString()
            : throw new InvalidOperationException($"{file} names no image for the service {service}.");
    }
}
