using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Hosting;

/// <summary>What the examples have in the place of a value that only an installation can know. Nobody starts with one of them.</summary>
internal static class Placeholders
{
    public const string Text = "REPLACE-ME";

    /// <exception cref="OptionsValidationException">Names every setting that still has one.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        var left = configuration.AsEnumerable()
            .Where(setting => setting.Value?.Contains(Text, StringComparison.Ordinal) == true)
            .Select(setting => setting.Key).Order(StringComparer.Ordinal).ToList();
        if (left.Count > 0)
        {
            // The value may be half a secret: its name is enough.
            throw new OptionsValidationException(
                "", typeof(object), left.Select(name => $"{name} still has the placeholder {Text} of the example; expected a value of this installation."));
        }
    }
}
