using System.Collections.Concurrent;
using Outdial.Providers;

namespace Outdial.Enrichment.Tests;

/// <summary>A provider that answers as the test says and writes down every request with the time on the test's clock.</summary>
internal sealed class FakeProvider(TimeProvider clock) : ITelephonyProvider, ITelephonyProviders
{
    /// <param name="From">When the request left us.</param>
    /// <param name="To">When it was answered; the provider saw it somewhere between.</param>
    public sealed record Request(string About, DateTimeOffset From, DateTimeOffset To);

    public string Account => "default";

    /// <summary>False: as a provider that keeps neither metadata nor records.</summary>
    public bool HasRecords { get; set; } = true;

    public bool HasNumberMetadata => HasRecords;

    public bool HasCallDetails => HasRecords;

    public IReadOnlyList<ITelephonyProvider> All => [new Repeating(this)];

    public ConcurrentQueue<Request> Numbers { get; } = new();

    public ConcurrentQueue<Request> Calls { get; } = new();

    /// <summary>What a number is; throws what the provider would throw.</summary>
    public Func<string, CancellationToken, Task<NumberMetadata?>> OnNumber { get; set; } = (number, _) =>
        Task.FromResult<NumberMetadata?>(Gujarat(number));

    public Func<string, CallRecord?> OnCall { get; set; } = _ => null;

    public static NumberMetadata Gujarat(string number) => new(number, "GJ", "Gujarat Telecom Circle", "R", "Reliance", "Mobile", true);

    public ITelephonyProvider Get(string account) => account == Account ? new Repeating(this) : throw new KeyNotFoundException($"No account '{account}'; there is '{Account}'.");

    public async Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel)
    {
        var from = clock.GetUtcNow();
        try
        {
            return await OnNumber(number, cancel);
        }
        finally
        {
            Numbers.Enqueue(new Request(number, from, clock.GetUtcNow()));
        }
    }

    public Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel)
    {
        Calls.Enqueue(new Request(providerCallId, clock.GetUtcNow(), clock.GetUtcNow()));
        return Task.FromResult(OnCall(providerCallId));
    }

    public Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel) =>
        throw new InvalidOperationException("Enrichment places no calls.");

    public Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        throw new InvalidOperationException("Enrichment searches no calls.");

    public Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel) =>
        throw new InvalidOperationException("Enrichment needs no numbers of ours.");

    /// <summary>The account whose reads handlers may repeat: not for enrichment, since a slot of its budgets pays for one request.</summary>
    private sealed class Repeating(FakeProvider account) : ITelephonyProvider
    {
        public string Account => account.Account;

        public bool HasNumberMetadata => account.HasNumberMetadata;

        public bool HasCallDetails => account.HasCallDetails;

        public ITelephonyProvider Unrepeated => account;

        public Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel) => throw Unpaid();

        public Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel) => throw Unpaid();

        public Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
            throw Unpaid();

        public Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => throw Unpaid();

        public Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel) => throw Unpaid();

        public Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel) => throw Unpaid();

        private static InvalidOperationException Unpaid() => new("A read that handlers may repeat costs more than its slot.");
    }
}
