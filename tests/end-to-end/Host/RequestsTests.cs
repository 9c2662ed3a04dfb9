using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host;

/// <summary>
/// <c>requests/outdial.http</c> as somebody tries it who reads it from top to bottom: each request is sent, ids are taken from answers where the file
/// says so, and each answer is what the file says, or good.
/// </summary>
[Collection(SharedHost.Name)]
public sealed partial class RequestsTests(SharedHost shared)
{
    private sealed record Request(string Comment, string Method, string Target, Dictionary<string, string> Headers, string? Body)
    {
        /// <summary>The statuses that the comment names.</summary>
        public HashSet<int> Named => [.. Statuses().Matches(Comment).Select(status => int.Parse(status.Groups[1].Value, null))];

        /// <summary>It depends on the moment whether it is refused.</summary>
        public bool MayBeRefused => Comment.Contains("Not any more", StringComparison.Ordinal);

        /// <summary>What the comment calls an id of the answer; null: nothing.</summary>
        public string? Id => IdOfAnswer().Match(Comment) is { Success: true } id ? id.Groups[1].Value : null;
    }

    [Fact]
    public async Task Every_request_of_a_supervisors_and_an_admins_day_is_answered_as_the_file_says()
    {
        var variables = new Dictionary<string, string>
        {
            ["outdial"] = shared.Address.ToString().TrimEnd('/'),
            ["simulator"] = shared.Rig.SimulatorAddress.ToString().TrimEnd('/'),
            ["key"] = await shared.KeyAsync("requests"),
        };
        using var http = new HttpClient();
        var requests = Read(await File.ReadAllTextAsync(Checkout.At("requests", "outdial.http"))).ToList();
        Assert.True(requests.Count > 80, $"{requests.Count} requests are found");

        foreach (var request in requests)
        {
            // What needs a moment, such as a phone that rings or a list that fills, is asked for again until it is there.
            var told = "nothing";
            try
            {
                await Eventually.Async(async () =>
                {
                    var (status, body) = await Send(http, request, variables);
                    told = $"{(int)status} {body}";
                    return IsAsSaid(request, status) && (request.Id is not { } id || Take(body, id, variables));
                });
            }
            catch (TimeoutException e)
            {
                throw new InvalidOperationException($"{request.Method} {request.Target} ({request.Comment}) was answered at last: {told}", e);
            }
        }
    }

    private static bool IsAsSaid(Request request, HttpStatusCode status) =>
        request.Named.Contains((int)status) || ((request.Named.Count == 0 || request.MayBeRefused) && (int)status is >= 200 and < 300);

    private async Task<(HttpStatusCode Status, string Body)> Send(HttpClient http, Request request, Dictionary<string, string> variables)
    {
        using var message = new HttpRequestMessage(new(request.Method), Filled(request.Target, variables));
        if (request.Body is not null)
            message.Content = new StringContent(Filled(request.Body, variables), Encoding.UTF8);
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                message.Content!.Headers.ContentType = new(value);
            else
                message.Headers.Add(name, Filled(value, variables));
        }
        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        if (message.RequestUri!.Port == shared.Address.Port)
            shared.Described.Hold(
                request.Method, message.RequestUri.AbsolutePath, message.Content?.Headers.ContentType?.MediaType, (int)answer.StatusCode);
        var isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";   // goes on until it is stopped
        return (answer.StatusCode, isStream ? "" : await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Keeps the id under its name; false: the answer has none yet.</summary>
    private static bool Take(string body, string name, Dictionary<string, string> variables)
    {
        string[] fields = name switch
        {
            "import" => ["importId"],
            "call" => ["attemptId"],
            _ => ["id"],
        };
        using var document = JsonDocument.Parse(body);
        if (Find(document.RootElement, fields) is not { } id)
            return false;
        variables[name] = id;
        return true;
    }

    private static string? Find(JsonElement element, string[] fields) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            fields.Select(field => element.TryGetProperty(field, out var id) ? id.GetString() : null).FirstOrDefault(id => id is not null)
            ?? element.EnumerateObject().Select(property => Find(property.Value, fields)).FirstOrDefault(id => id is not null),
        JsonValueKind.Array => element.EnumerateArray().Select(item => Find(item, fields)).FirstOrDefault(id => id is not null),
        _ => null,
    };

    private static string Filled(string text, Dictionary<string, string> variables) =>
        Variable().Replace(text, used => variables.TryGetValue(used.Groups[1].Value, out var value) ? value
            : throw new InvalidOperationException($"Nothing before {text} says what {{{{{used.Groups[1].Value}}}}} is."));

    private static IEnumerable<Request> Read(string text)
    {
        foreach (var block in Separator().Split(text).Skip(1))
        {
            var lines = block.Split('\n').ToList();
            var first = lines.FindIndex(line => Start().IsMatch(line));
            if (first < 0)
                continue;
            var (method, target) = (lines[first].Split(' ')[0], lines[first].Split(' ')[1].Trim());
            var blank = lines.FindIndex(first, string.IsNullOrWhiteSpace);
            var headers = lines.Skip(first + 1).Take((blank < 0 ? lines.Count : blank) - first - 1).Select(line => line.Split(':', 2))
                .ToDictionary(header => header[0].Trim(), header => header[1].Trim());
            var body = blank < 0 ? "" : string.Join('\n', lines.Skip(blank + 1)).Split("\n############")[0].Trim();
            yield return new(string.Join(' ', lines.Take(first)).Trim(), method, target, headers, body.Length == 0 ? null : body);
        }
    }

    [GeneratedRegex(@"^###(?!#)", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(GET|POST|PUT|PATCH|DELETE) \S+")]
    private static partial Regex Start();

    [GeneratedRegex(@"\((\d{3})\)")]
    private static partial Regex Statuses();

    [GeneratedRegex(@"ids? (?:of one of them )?is @(\w+)")]
    private static partial Regex IdOfAnswer();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Variable();
}
