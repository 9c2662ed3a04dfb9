using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Ingress.Webhooks;

/// <summary>
/// Which webhooks are handled in the order of their receipt. What is about an attempt goes by the attempt. An agent's line and an
/// inbound call have popups and Passthrus at the account's address and a status at the line's: there the call they name counts.
/// </summary>
internal static partial class OrderKeys
{
    /// <summary>The end of a body is never looked at: the call stands among the first fields.</summary>
    private const int Looked = 16 * 1024;

    public static Guid Of(string kind, CallbackClaims claims, string rawQuery, byte[] body, CallbackEchoes echoes)
    {
        var query = new QueryCollection(QueryHelpers.ParseQuery(QueryText.Plain(rawQuery)));
        if (kind is "popup" or "dialed" or "line")
            return CallIn(query, body) is { } call ? Hash(claims.Account, call) : claims.CallOf ?? Hash(claims.Account, "");
        return claims.CallOf ?? echoes.Read(claims.Account, query["CustomField"].ToString().Trim('"')) ?? Hash(claims.Account, query["CallSid"].ToString());
    }

    private static string? CallIn(IQueryCollection query, byte[] body)
    {
        if (query["CallSid"].ToString() is { Length: > 0 } asked)
            return asked;
        var found = CallSid().Match(Encoding.Latin1.GetString(body, 0, Math.Min(body.Length, Looked)));
        return found.Success ? found.Groups["sid"].Value : null;
    }

    private static Guid Hash(string account, string call) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{call}")).AsSpan(0, 16));

    /// <summary>In a form, in JSON, and in a multipart body.</summary>
    [GeneratedRegex("\\bCallSid(=|\"\\s*:\\s*\"|\"\\r?\\n(Content-[^\\n]*\\n)*\\r?\\n)(?<sid>\\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CallSid();
}
