using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Outdial.Platform;

/// <summary>
/// The place of a row in a list that is not in order of id, as one word. It holds what the list is ordered by, and so it is good after the row
/// changed.
/// </summary>
public static class Cursor
{
    private static readonly JsonSerializerOptions Json = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new StorableText() },
    };

    /// <param name="place">A record of the values that the list is ordered by.</param>
    public static string Of<T>(T place) where T : class => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place, Json));

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    /// <param name="after">The request's; null: the list's beginning.</param>
    /// <param name="place">Null at the list's beginning.</param>
    /// <returns>False when it is no place of this list; <paramref name="wrong"/> says so.</returns>
    internal static bool TryRead<T>(string? after, out T? place, [NotNullWhen(false)] out ProblemHttpResult? wrong) where T : class
    {
        (place, wrong) = (null, null);
        if (after is null)
            return true;
        try
        {
            place = JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(after), Json);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
        }
        if (place is null)
            wrong = ApiProblem.Invalid("after", after, "what the Link header of the page before says");
        return place is not null;
    }
}
