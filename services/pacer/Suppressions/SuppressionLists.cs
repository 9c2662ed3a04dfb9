using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Leads.Import;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Suppressions;

/// <summary>
/// What became of a list of people who are not to be called. Added + known + rejected may be more than rows: a row may have several numbers.
/// </summary>
internal sealed record SuppressionListResult
{
    /// <summary>Rows that were not blank.</summary>
    public required long Rows { get; init; }

    /// <summary>Numbers that are on the list now and were not.</summary>
    public required long Added { get; init; }

    /// <summary>Numbers that were on it already, or in an earlier row.</summary>
    public required long Known { get; init; }

    /// <summary>Rows of which nothing was taken.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first 1,000, in the order of the rows; also of rows of which a part was taken.</summary>
    public required IReadOnlyList<RowError> Errors { get; init; }

    /// <summary>How many more errors there were.</summary>
    public required long ErrorsLeftOut { get; init; }

    /// <summary>In which country numbers without their country's code were read, where no column says another; null: none was named.</summary>
    public required string? Region { get; init; }

    /// <summary>How the columns were understood.</summary>
    public required IReadOnlyList<ColumnMeaning> Columns { get; init; }

    /// <summary>Of a workbook: which sheet was read.</summary>
    public required string? Sheet { get; init; }
}

/// <summary>What became of each of the people of a request.</summary>
/// <param name="Results">In the order of the request.</param>
internal sealed record SuppressionsAnswer(int Added, int Known, int Refused, IReadOnlyList<SuppressionResult> Results);

/// <summary>What became of one of them.</summary>
internal sealed record SuppressionResult
{
    /// <summary>Its place in the request, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>added</c>, <c>known</c> or <c>refused</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The number as it was read, E.164; null: it was refused.</summary>
    public string? Number { get; init; }

    /// <summary>What is wrong with a refused one.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }
}

/// <summary>Many people at once: lists that are uploaded, requests with many, and the whole list as a file.</summary>
internal static class SuppressionLists
{
    public const int Most = 1_000;

    private const int AtOnce = 1_000, MostErrors = 1_000, LargestJson = 2 << 20, RowsOfAPage = 5_000;
    private static readonly string[] Fields = ["number", "region", "scope", "reason"];

    /// <param name="list">The group <c>/suppressions</c>.</param>
    public static void MapSuppressionLists(this RouteGroupBuilder list)
    {
        list.MapPost("/bulk", Bulk).RequireAuthorization(ApiPolicies.Operate).Accepts<SuppressionRequest[]>("application/json")
            .Produces<SuppressionsAnswer>().WithSummary("Never call these people again: up to 1,000, each with a result of its own");
        list.MapPost("/upload", Upload).RequireAuthorization(ApiPolicies.Operate).DisableAntiforgery().DescribesList()
            .WithSummary("Never call the people of this list again: CSV, NDJSON or a workbook, as leads are uploaded")
            .WithDescription("Every telephone of a row is meant. Columns 'scope' and 'reason' hold for their row. Sent again, a list changes nothing.");
        list.MapGet("/export.csv", Export).RequireAuthorization(ApiPolicies.Operate).ProducesCsv()
            .WithSummary("The whole list as a file, oldest first; scope=… only those of one scope");
    }

    private static async Task<Results<Ok<SuppressionsAnswer>, ProblemHttpResult>> Bulk(
        HttpRequest http, SuppressionList suppressions, AnybodysNumbers anybody, NumberDoors doors, ClaimsPrincipal user, CancellationToken cancel)
    {
        var (body, wrong) = await JsonBody.Read(http, LargestJson, cancel);
        if (wrong is not null)
            return wrong;
        if (body.ValueKind != JsonValueKind.Array || body.GetArrayLength() is 0 or > Most)
        {
            return ApiProblem.Invalid("body",
                body.ValueKind == JsonValueKind.Array ? $"{body.GetArrayLength()} people" : ShownText.Of(body.GetRawText()),
                $"an array of 1 to {Most} people; longer lists are uploaded at /api/v1/suppressions/upload");
        }
        List<(SuppressionRequest? Asked, string Number, FieldProblem[] Wrong)> people = [];
        foreach (var item in body.EnumerateArray())
        {
            var (asked, problems) = Read(item);
            var (number, wrongs) = asked is null ? ("", []) : await SuppressionEndpoints.Check(asked, anybody, doors, cancel);
            FieldProblem[] all = [.. problems, .. wrongs.ExceptBy(problems.Select(problem => problem.Field), problem => problem.Field)];
            people.Add((all.Length == 0 ? asked : null, number, all));
        }
        List<(string Number, string Scope, string Reason)> good = [.. people.Where(one => one.Asked is not null)
            .Select(one => (one.Number, one.Asked!.Scope ?? SuppressionList.Everything, one.Asked.Reason ?? "asked for"))];
        var added = good.Count == 0 ? [] : (await suppressions.AddAll(good, "api", user.Identity?.Name ?? "unknown", cancel))
            .Select(entry => (entry.Number, entry.Scope)).ToHashSet();
        List<SuppressionResult> results = [];
        foreach (var (asked, number, problems) in people)
        {
            results.Add(asked is null
                ? new()
                {
                    Index = results.Count,
                    Result = "refused",
                    Errors = [.. problems.Select(problem => problem with { Value = problem.Value is null ? null : Masked.Text(problem.Value) })],
                }
                // Of one that the request names twice the first is new.
                : new()
                {
                    Index = results.Count,
                    Result = added.Remove((number, asked.Scope ?? SuppressionList.Everything)) ? "added" : "known",
                    Number = number,
                });
        }
        return TypedResults.Ok(new SuppressionsAnswer(Count("added"), Count("known"), Count("refused"), results));

        int Count(string result) => results.Count(one => one.Result == result);
    }

    private static (SuppressionRequest? Asked, FieldProblem[] Wrong) Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return (null, [new("body", ShownText.Of(item.GetRawText()), $"an object with {string.Join(", ", Fields)}")]);
        List<FieldProblem> wrong = [];
        Dictionary<string, string?> said = [];
        foreach (var property in item.EnumerateObject())
        {
            if (Array.Find(Fields, field => field.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is not { } name)
            {
                wrong.Add(new(ShownText.Of(property.Name)!, ShownText.Of(StrictBody.Shown(property.Value)),
                    NearestName.Expected(property.Name, "fields", Fields)));
            }
            else if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
                || property.Value.GetString()?.Contains('\0') == true || !said.TryAdd(name, property.Value.GetString()))
                wrong.Add(new(name, ShownText.Of(StrictBody.Shown(property.Value)), "a text, once"));
        }
        return (new()
        {
            Number = said.GetValueOrDefault("number"),
            Region = said.GetValueOrDefault("region"),
            Scope = said.GetValueOrDefault("scope"),
            Reason = said.GetValueOrDefault("reason"),
        }, [.. wrong]);
    }

    /// <param name="region">The country in which numbers without their country's code are read, where no column says another.</param>
    /// <param name="scope"><c>all</c> (left out) or one purpose, for rows that name none.</param>
    /// <param name="reason">For rows that name none.</param>
    /// <param name="sheet">Of a workbook: the sheet that is read; left out: the first visible one with rows.</param>
    /// <param name="fileName">What the body is called.</param>
    private static async Task<Results<Ok<SuppressionListResult>, ProblemHttpResult>> Upload(
        [Description("Of a list: the country (ISO 3166) in which numbers without their country's code are read.")] string? region,
        [Description("all, or one purpose.")] string? scope, [Description("Why they are not called, where a row does not say it.")] string? reason,
        [Description("Of a workbook: the sheet that is read; left out: the first visible one with rows.")] string? sheet,
        [Description("Of a list that is the body itself: what it is called.")] string? fileName, HttpContext http, SuppressionList suppressions,
        IOptions<ImportOptions> options, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.Value.MaxBytes;
        var country = Countries.Read(region);
        List<FieldProblem> wrong = [];
        if (region is not null && country is null)
            wrong.Add(new("region", region, Countries.Expected));
        if (scope is not null && scope != SuppressionList.Everything && !Purposes.All.Contains(scope))
            wrong.Add(new("scope", scope, SuppressionEndpoints.ScopeExpected));
        if (reason is { Length: > SuppressionEndpoints.LongestReason })
            wrong.Add(new("reason", $"{reason.Length} characters", $"at most {SuppressionEndpoints.LongestReason} characters"));
        if (wrong.Count > 0)
            return ApiProblem.Invalid(wrong);
        if (UploadBody.OtherEncoding(http.Request) is { } encoding)
            return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"The content encoding '{encoding}' is not taken: expected gzip, or none.");
        var taken = new Intake(suppressions, http.User.Identity?.Name ?? "unknown", options.Value.MaxRows);
        var rows = new SuppressionRows(country, scope ?? SuppressionList.Everything, reason ?? "asked for");
        string? found = null;
        try
        {
            if (await UploadBody.Of(http.Request, fileName, cancel) is not { } body)
                return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType,
                    $"The content type '{http.Request.ContentType}' is not taken: expected {UploadBody.Expected}.");
            await using var reader = await LeadReader.Open(body.Stream, body.Format, rows, options.Value.Limits, cancel, sheet);
            found = reader.Sheet?.Name;
            var failure = await taken.Take(reader, cancel);
            return failure is null ? TypedResults.Ok(Result()) : Ended(failure);
        }
        catch (UploadRefusedException refusal)
        {
            return ApiProblem.Refused(refusal.Message, refusal.Problem, refusal.Status);
        }
        catch (BadHttpRequestException refusal) when (refusal.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Ended($"The upload is larger than {options.Value.MaxBytes} bytes, as it is or unpacked (Imports:MaxBytes).", refusal.StatusCode);
        }
        catch (IOException broken) when (!cancel.IsCancellationRequested)
        {
            return Ended(broken is UploadBrokenException ? broken.Message : "The upload broke off.");
        }

        SuppressionListResult Result() => taken.Result(country, rows.Columns, ShownText.Of(found));
        ProblemHttpResult Ended(string why, int status = StatusCodes.Status400BadRequest) => TypedResults.Problem(
            $"{why} The people of the rows that are counted are on the list; upload it again for the rest.", statusCode: status,
            title: "The upload ended early.", extensions: new Dictionary<string, object?>
            {
                ["result"] = Result(),
                ["errors"] = new[] { UploadBrokenException.Whole(why) },
            });
    }

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(
        [Description("all, or one purpose.")] string? scope, SuppressionListReader reader, CancellationToken cancel) =>
        scope is not null && scope != SuppressionList.Everything && !Purposes.All.Contains(scope)
            ? ApiProblem.Invalid("scope", scope, SuppressionEndpoints.ScopeExpected)
            : CsvAnswer.Of("suppressions.csv", reader.Lines(scope, cancel));

    /// <summary>Puts the rows on the list, some at a time: whatever is committed stays.</summary>
    private sealed class Intake(SuppressionList suppressions, string by, long mostRows)
    {
        private readonly List<(string Number, string Scope, string Reason)> _batch = [];
        private readonly List<RowError> _errors = [];
        private long _rows, _added, _known, _rejected, _leftOut;

        /// <returns>Why it ended early, or null.</returns>
        public async Task<string?> Take(LeadReader reader, CancellationToken cancel)
        {
            await foreach (var row in reader.Read(cancel))
            {
                if (_rows == mostRows)
                {
                    await Write(cancel);
                    return $"The upload has more than {mostRows} rows (Imports:MaxRows); those after were not read.";
                }
                _rows++;
                var errors = row switch
                {
                    BadRow bad => bad.Errors,
                    SuppressedRow people => people.Errors,
                    _ => [],
                };
                foreach (var error in errors)
                {
                    if (_errors.Count < MostErrors)
                        _errors.Add(error);
                    else
                        _leftOut++;
                }
                if (row is SuppressedRow good)
                    _batch.AddRange(good.Numbers.Select(number => (number, good.Scope, good.Reason)));
                else
                    _rejected++;
                if (_batch.Count >= AtOnce)
                    await Write(cancel);
            }
            await Write(cancel);
            return null;
        }

        public SuppressionListResult Result(string? region, IReadOnlyList<ColumnMeaning> columns, string? sheet) => new()
        {
            Rows = _rows,
            Added = _added,
            Known = _known,
            Rejected = _rejected,
            Errors = _errors,
            ErrorsLeftOut = _leftOut,
            Region = region,
            Columns = columns,
            Sheet = sheet,
        };

        private async Task Write(CancellationToken cancel)
        {
            if (_batch.Count == 0)
                return;
            var added = await suppressions.AddAll(_batch, "list", by, cancel);
            _added += added.Count;
            _known += _batch.Count - added.Count;
            _batch.Clear();
        }
    }

    /// <summary>Reads the whole list, a page at a time.</summary>
    internal sealed class SuppressionListReader(PacerDbContext db)
    {
        public async IAsyncEnumerable<CsvLine> Lines(string? scope, [EnumeratorCancellation] CancellationToken cancel)
        {
            yield return CsvLine.Of("id", "number", "scope", "reason", "source", "createdAt", "createdBy");
            for (var after = Guid.Empty; ;)
            {
                var page = await db.Suppressions.AsNoTracking().Where(s => s.Id > after && (scope == null || s.Scope == scope))
                    .OrderBy(s => s.Id).Take(RowsOfAPage).ToListAsync(cancel);
                foreach (var one in page)
                    yield return CsvLine.Of(one.Id, one.Number, one.Scope, one.Reason, one.Source, one.CreatedAt, one.CreatedBy);
                if (page.Count < RowsOfAPage)
                    yield break;
                after = page[^1].Id;
            }
        }
    }
}
