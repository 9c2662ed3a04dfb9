using System.Collections.Concurrent;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>A provider that remembers every request and answers as the test says. Shared by all nodes of a test.</summary>
internal sealed class FakeProviders(TimeProvider clock) : ITelephonyProviders, ITelephonyProvider
{
    private int _calls;

    public sealed record Placed(OriginateRequest Request, string ProviderCallId, DateTimeOffset At);

    public ConcurrentQueue<Placed> Originated { get; } = new();

    /// <summary>Records that look-ups find, by provider call id.</summary>
    public ConcurrentDictionary<string, CallRecord> Records { get; } = new();

    /// <summary>Decides the answer; null: accepted.</summary>
    public Func<OriginateRequest, string, Task<OriginateResult?>> Answer { get; set; } = (_, _) => Task.FromResult<OriginateResult?>(null);

    public string Account => "default";

    public bool HasCallDetails { get; set; } = true;

    public IReadOnlyList<ITelephonyProvider> All => [this];

    public ITelephonyProvider Get(string account) => this;

    public async Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel)
    {
        var id = $"sid-{Interlocked.Increment(ref _calls)}";
        Originated.Enqueue(new(request, id, clock.GetUtcNow()));
        return await Answer(request, id) ?? new OriginateResult.Accepted(id, "in-progress");
    }

    /// <summary>Whether look-ups of calls fail.</summary>
    public bool IsUnreadable { get; set; }

    public Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel) =>
        IsUnreadable ? throw new ProviderException("The provider answered 500.", 500, null) : Task.FromResult(Records.GetValueOrDefault(providerCallId));

    public Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CallRecord>>(
            [.. Records.Values.Where(r => r.To == number && r.CreatedAt >= from && r.CreatedAt <= to).Select(Listed)]);

    public Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CallRecord>>(
            [.. Records.Values.Where(r => r.CreatedAt >= from && r.CreatedAt <= to).OrderBy(r => r.CreatedAt).Select(Listed)]);

    /// <summary>A list shows that a call was answered and is over; how it went is in the details alone.</summary>
    private static CallRecord Listed(CallRecord record) =>
        record.Outcome == Outcomes.Abandoned ? record with { Outcome = Outcomes.Completed, TalkTime = null } : record with { TalkTime = null };

    public Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel) => Task.FromResult<NumberMetadata?>(null);

    public Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<OwnNumber>>([new("1", "+917940000001", "Gujarat", "GJ", true), new("2", "+918040000002", null, null, true)]);

    /// <summary>What the provider's records would say of a call.</summary>
    public CallRecord Record(Placed placed, string status, string? outcome, DateTimeOffset? endedAt = null) => Records[placed.ProviderCallId] = new(
        placed.ProviderCallId, status, outcome, placed.Request.To, placed.Request.CallerId, placed.At, placed.At, endedAt, null, null, null, null,
        null);
}
