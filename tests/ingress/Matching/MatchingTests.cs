using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Ingress.Webhooks;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Matching;

[Collection("ingress")]
public sealed class MatchingTests(SharedIngress shared)
{
    private readonly IngressService _ingress = shared.Service;
    private readonly Guid _attempt = Guid.CreateVersion7();
    private readonly string _call = Guid.NewGuid().ToString("N");

    private async Task Passthru()
    {
        using var answer = await _ingress.Http.GetAsync(_ingress.Address("passthru", null) + $"?CallSid={_call}&CallType=call-attempt");
        answer.EnsureSuccessStatusCode();
    }

    private Task Originated() => _ingress.Bus.Publish(new CallOriginated
    {
        EventId = Guid.NewGuid(),
        AttemptId = _attempt,
        CampaignId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = _call,
        OccurredAt = TimeProvider.System.GetUtcNow(),
        ReceivedAt = TimeProvider.System.GetUtcNow(),
    });

    private Task<Webhook> Row() =>
        Eventually.Some(() => _ingress.WithDb(db => db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.CallId == _call)));

    private Task MatchedOnce() => Eventually.Async(() => _ingress.Heard.Of(_attempt).OfType<CallAnswered>().Count() == 1);

    [Fact]
    public async Task A_webhook_of_an_unknown_call_waits_visibly_and_is_matched_when_the_call_becomes_known()
    {
        await Passthru();
        Assert.Equal(Dispositions.Unmatched, (await Row()).Disposition);

        await Originated();

        await MatchedOnce();
        await Eventually.Async(async () => (await Row()) is { Disposition: Dispositions.Translated } row && row.AttemptId == _attempt);
    }

    [Fact]
    public async Task A_call_that_is_known_already_is_matched_at_once()
    {
        await Originated();
        await Eventually.Async(() => _ingress.WithDb(db => db.KnownCalls.AnyAsync(known => known.CallId == _call && known.AttemptId == _attempt)));

        await Passthru();

        await MatchedOnce();
        Assert.Equal(Dispositions.Translated, (await Row()).Disposition);
    }

    [Fact]
    public async Task A_status_callback_teaches_what_the_Passthru_of_its_call_needs()
    {
        await Passthru();
        await Row();

        using var status = await _ingress.PostAsync("status", _attempt, new StringContent($"CallSid={_call}&Status=completed"));

        await MatchedOnce();
    }

    [Fact]
    public async Task Parking_and_learning_at_the_same_moment_never_miss_each_other()
    {
        for (var i = 0; i < 20; i++)
        {
            var (attempt, call) = (Guid.CreateVersion7(), Guid.NewGuid().ToString("N"));
            var passthru = _ingress.Http.GetAsync(_ingress.Address("passthru", null) + $"?CallSid={call}&CallType=call-attempt");
            var originated = _ingress.Bus.Publish(new CallOriginated
            {
                EventId = Guid.NewGuid(),
                AttemptId = attempt,
                CampaignId = Guid.NewGuid(),
                Account = "default",
                ProviderCallId = call,
                OccurredAt = TimeProvider.System.GetUtcNow(),
                ReceivedAt = TimeProvider.System.GetUtcNow(),
            });
            await Task.WhenAll(passthru, originated);

            await Eventually.Async(() => _ingress.Heard.Of(attempt).Count == 1);
        }
    }
}
