using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads;

/// <summary>What became of each of the leads that were added by JSON.</summary>
/// <param name="Accepted">How many are new.</param>
/// <param name="Duplicates">How many the campaign has already, or an earlier one of the request.</param>
/// <param name="Refused">How many cannot become leads; nothing is stored of these.</param>
/// <param name="Results">In the order of the request.</param>
internal sealed record AddedLeadsAnswer(Guid CampaignId, int Accepted, int Duplicates, int Refused, IReadOnlyList<AddedLead> Results);

/// <summary>What became of one of the leads.</summary>
internal sealed record AddedLead
{
    /// <summary>Its place in the request, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>accepted</c>, <c>duplicate</c> or <c>refused</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The lead, or the one that was there; null: it was refused.</summary>
    public Guid? LeadId { get; init; }

    /// <summary>The number as it was read, E.164; null: it was refused.</summary>
    public string? Number { get; init; }

    /// <summary>The state of the lead when this was answered.</summary>
    public string? State { get; init; }

    /// <summary>Why it is not dialed right now, or how it ended.</summary>
    public string? Reason { get; init; }

    /// <summary>Everything that is wrong with a refused one.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }
}

/// <summary>Adds leads that come as JSON, one or many, each with a result of its own. No good one is lost for one that is not.</summary>
internal sealed class AddedLeads(
    PacerDbContext db, LeadKeys keys, PulseSignal signal, NumberDoors doors, IOptions<ImportOptions> options, TimeProvider clock)
{
    public const int Most = 1_000;

    private const string Accepted = "accepted", Duplicate = "duplicate", Refused = "refused";

    /// <param name="body">One lead, or an array of them.</param>
    /// <param name="key">The header <c>Idempotency-Key</c>; null: none.</param>
    /// <param name="by">The holder of the API key.</param>
    public async Task<Results<Ok<ImportResult>, NoneAdded, Created<AddedLeadsAnswer>, ProblemHttpResult>> Add(
        Campaign campaign, JsonElement body, string? key, string by, CancellationToken cancel)
    {
        if (key is { Length: 0 or > 200 })
            return ApiProblem.Invalid("Idempotency-Key", $"{key.Length} characters", "a header of 1 to 200 characters that names this request, or none");
        if (body.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            return ApiProblem.Invalid("body", ShownText.Of(body.GetRawText()), "a lead, or an array of leads");
        JsonElement[] items = body.ValueKind == JsonValueKind.Array ? [.. body.EnumerateArray()] : [body];
        if (items.Length is 0 or > Most)
            return ApiProblem.Invalid("body", $"{items.Length} leads", $"from 1 to {Most} leads in one request; larger lists are uploaded as NDJSON or CSV");
        var asked = LeadKey.HashOf(body);
        while (true)
        {
            if (key is not null && await keys.Find(by, key, cancel) is { Answer: { } answer } used)
            {
                return used.CampaignId == campaign.CorrelationId && used.Asked.AsSpan().SequenceEqual(asked)
                    ? Answer(StoredJson.Read<AddedLeadsAnswer>(answer))
                    : ApiProblem.Conflict("This Idempotency-Key was used for another request: expected the same leads and campaign as then, or another key.");
            }
            if (LeadDoor.Refusal(campaign, campaign.State) is { } closed)
                return closed;
            if (await TryAdd(campaign, items, key, asked, by, cancel) is { } added)
                return added;   // null: another took the key meanwhile
        }
    }

    /// <summary>That something was created is said where something was.</summary>
    private static Results<Ok<ImportResult>, NoneAdded, Created<AddedLeadsAnswer>, ProblemHttpResult> Answer(AddedLeadsAnswer answer) =>
        answer.Accepted > 0 ? TypedResults.Created((string?)null, answer) : new NoneAdded(answer);

    private async Task<Results<Ok<ImportResult>, NoneAdded, Created<AddedLeadsAnswer>, ProblemHttpResult>?> TryAdd(
        Campaign campaign, JsonElement[] items, string? key, byte[] asked, string by, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (key is not null && !await keys.Take(by, key, campaign.CorrelationId, asked, cancel))
            return null;
        if (LeadDoor.Refusal(campaign, await db.SharedStateOf(campaign.CorrelationId, cancel)) is { } closed)
            return closed;
        var results = await Write(campaign, items, by, now, cancel);
        var answer = new AddedLeadsAnswer(
            campaign.CorrelationId, results.Count(lead => lead.Result == Accepted), results.Count(lead => lead.Result == Duplicate),
            results.Count(lead => lead.Result == Refused), results);
        if (key is not null)
            await keys.Answered(by, key, StoredJson.Write(answer), cancel);
        if (answer.Accepted > 0)
            await db.LookAtNewLeads(campaign.CorrelationId, now, cancel);
        await transaction.CommitAsync(cancel);
        signal.Set();
        return Answer(answer);
    }

    private async Task<List<AddedLead>> Write(Campaign campaign, JsonElement[] items, string by, DateTimeOffset now, CancellationToken cancel)
    {
        var reader = new LeadJson(
            CampaignCountry.Of(campaign, doors), campaign.Rules.Window, campaign.Rules.EndsAt, options.Value.Limits, by, now);
        var read = items.Select(reader.Read).ToList();
        // Ids of one instant are random; sorted, they keep leads of one priority in the order of the request.
        var leads = read.Select(item => item.Lead).OfType<NewLead>().ToList();
        var ids = leads.Select(lead => lead.Id).Order().ToList();
        leads = [.. leads.Select((lead, at) => lead with { Id = ids[at] })];
        var added = leads.Count == 0 ? [] : (await db.AddLeads(campaign.CorrelationId, leads, by, now, cancel)).ToHashSet();
        string[] known = [.. leads.Where(lead => !added.Contains(lead.Id)).Select(lead => lead.Number)];
        var there = await db.Leads.AsNoTracking()
            .Where(lead => lead.CampaignId == campaign.CorrelationId && lead.IdempotencyKey == null && known.Contains(lead.Number))
            .ToDictionaryAsync(lead => lead.Number, cancel);

        List<AddedLead> results = [];
        using var next = leads.GetEnumerator();
        foreach (var (isGood, wrong) in read.Select(item => (item.Lead is not null, item.Wrong)))
        {
            if (!isGood)
            {
                results.Add(new()
                {
                    Index = results.Count,
                    Result = Refused,
                    Errors = [.. wrong.Select(problem => problem with { Value = problem.Value is null ? null : Masked.Text(problem.Value) })],
                });
                continue;
            }
            next.MoveNext();
            var isNew = added.Contains(next.Current.Id);
            var (id, state, reason) = isNew ? (next.Current.Id, LeadStates.Waiting, next.Current.Reason)
                : there[next.Current.Number] is var lead ? (lead.Id, lead.State, lead.Reason) : default;
            results.Add(new()
            {
                Index = results.Count,
                Result = isNew ? Accepted : Duplicate,
                LeadId = id,
                Number = next.Current.Number,
                State = state,
                Reason = reason,
            });
        }
        return results;
    }
}
