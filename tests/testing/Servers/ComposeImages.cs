using YamlDotNet.RepresentationModel;

namespace Outdial.Testing;

/// <summary>The images that <c>docker-compose.yml</c> uses: the tests use the same.</summary>
public static class ComposeImages
{
    private const string FileName = "docker-compose.yml";

    /// <summary>The image of a service.</summary>
    /// <exception cref="InvalidOperationException">The file is not above this program, or names no image for the service.</exception>
    public static string Of(string service)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, FileName)))
            folder = folder.Parent;
        if (folder is null)
            throw new InvalidOperationException($"There is no {FileName} above {AppContext.BaseDirectory}.");
        var file = Path.Combine(folder.FullName, FileName);
        var compose = new YamlStream();
        compose.Load(new StringReader(File.ReadAllText(file)));
        return compose.Documents[0].RootNode is YamlMappingNode root && root["services"] is YamlMappingNode services
            && services.Children.TryGetValue(service, out var found) && found is YamlMappingNode its
            && its.Children.TryGetValue("image", out var image)
            ? image.ToString()
            : throw new InvalidOperationException($"{file} names no image for the service {service}.");
    }
}
