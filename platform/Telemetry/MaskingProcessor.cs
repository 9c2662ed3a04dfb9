using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;

namespace Outdial.Platform;

/// <summary>Takes whole phone numbers and callback tokens out of a span before any exporter sees it. Added first of all processors.</summary>
internal sealed class MaskingProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        data.DisplayName = Masked.Text(data.DisplayName);
        if (data.StatusDescription is { } description)
            data.SetStatus(data.Status, Masked.Text(description));
        Mask(data.EnumerateTagObjects());
        foreach (ref readonly var happened in data.EnumerateEvents())
            Mask(happened.EnumerateTagObjects());
    }

    // Tags of an event cannot be replaced through any public method, yet exception messages arrive there. The
    // enumerator hands out references into the tag list itself, so the value is exchanged in place.
    private static void Mask(Activity.Enumerator<KeyValuePair<string, object?>> tags)
    {
        foreach (ref readonly var tag in tags)
        {
            if (Personal(tag.Value) is { } text && Masked.Text(text) is var masked && masked != text)
                Unsafe.AsRef(in tag) = new KeyValuePair<string, object?>(tag.Key, masked);
        }
    }

    private static string? Personal(object? value) => value switch
    {
        string text => text,
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Uri address => address.ToString(),
        _ => null,
    };
}
