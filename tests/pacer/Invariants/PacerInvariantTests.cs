using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Invariants;
using Outdial.Testing;
using static Outdial.Pacer.Tests.Invariants.PacerRows;
using static Outdial.Testing.InvariantRig;

namespace Outdial.Pacer.Tests.Invariants;

/// <summary>Every monitor of the ledger sees what it is there to see, and nothing beside it.</summary>
public sealed class PacerInvariantTests(PacerRows rows) : IClassFixture<PacerRows>
{
    private const string NewYork = "America/New_York";   // half past one at night when it is noon in India

    private static readonly InvariantCases<PacerRows> Cases = new(PacerInvariants.All)
    {
        ["open-attempt-past-deadline"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var (_, forgotten) = await rows.Dialed(campaign, new { DeadlineAt = Ago(11) });
            await rows.Dialed(campaign, new { DeadlineAt = Ago(9) });   // late, and not yet forgotten
            await rows.Attempt(campaign, await rows.Lead(campaign), Merged(Over(), new { DeadlineAt = Ago(11) }));
            return [forgotten];
        },
        ["attempt-never-placed"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var (_, forgotten) = await rows.Dialed(campaign, new { State = "Requested", ExpiresAt = Ago(11) });
            await rows.Dialed(campaign, new { State = "Requested", ExpiresAt = Ago(9) });
            await rows.Dialed(campaign, new { State = "Submitting", ExpiresAt = Ago(11) });
            return [forgotten];
        },
        ["lead-with-two-open-attempts"] = async rows =>
        {
            await rows.Rig.ExecuteAsync("drop index if exists attempts_one_open_per_lead");
            var campaign = await rows.Campaign();
            var (twice, _) = await rows.Dialed(campaign);
            await rows.Attempt(campaign, twice, new { AttemptNumber = 2, State = "Requested" });
            var (again, _) = await rows.Dialed(campaign, Over());
            await rows.Attempt(campaign, again, new { AttemptNumber = 2 });
            return [twice];
        },
        ["person-with-two-open-attempts"] = async rows =>
        {
            await rows.Rig.ExecuteAsync("drop index if exists attempts_one_open_per_person");
            var (one, other) = (await rows.Campaign(), await rows.Campaign());
            var (busy, free) = (rows.NextNumber(), rows.NextNumber());
            var (_, first) = await rows.Dialed(one, new { Number = busy });
            var (_, second) = await rows.Dialed(other, new { Number = busy });
            await rows.Dialed(one, Merged(Over(), new { Number = free }));
            await rows.Dialed(other, new { Number = free });
            return [string.CompareOrdinal($"{first}", $"{second}") < 0 ? first : second];
        },
        ["lead-dialing-without-attempt"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var never = await rows.Lead(campaign, new { State = "Dialing" });
            var (over, _) = await rows.Dialed(campaign, Over());
            await rows.Dialed(campaign);
            await rows.Lead(campaign);
            return [never, over];
        },
        ["open-attempt-of-waiting-lead"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var open = await rows.Attempt(campaign, await rows.Lead(campaign));
            await rows.Attempt(campaign, await rows.Lead(campaign), Over());
            await rows.Attempt(campaign, await rows.Lead(campaign, new { State = "OptedOut" }));   // said so in this very call
            await rows.Dialed(campaign);
            return [open];
        },
        ["ended-without-outcome"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var how = await rows.Attempt(campaign, await rows.Lead(campaign), Over(outcome: null));
            var when = await rows.Attempt(campaign, await rows.Lead(campaign), new { State = "Ended", Outcome = "Busy" });
            await rows.Attempt(campaign, await rows.Lead(campaign), Over());
            await rows.Dialed(campaign);
            return [how, when];
        },
        ["ended-before-asked"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var sooner = await Over(new { RequestedAt = Ago(3), EndedAt = Ago(333) });
            var rang = await Over(new { RequestedAt = Ago(3), RingingAt = Ago(4), EndedAt = Ago(1) });
            var answered = await Over(new { RequestedAt = Ago(3), AnsweredAt = Ago(4), EndedAt = Ago(1) });
            var connected = await Over(new { RequestedAt = Ago(3), AnsweredAt = Ago(2), ConnectedAt = Ago(4), EndedAt = Ago(1) });
            var unanswered = await Over(new { RequestedAt = Ago(3), AnsweredAt = Ago(1), EndedAt = Ago(2) });
            var (_, open) = await rows.Dialed(campaign, new { RequestedAt = Ago(3), AnsweredAt = Ago(4) });
            await Over(new { RequestedAt = Ago(3), RingingAt = Ago(3), AnsweredAt = Ago(2), ConnectedAt = Ago(2), EndedAt = Ago(2) });
            await Over(new { RequestedAt = Ago(3), EndedAt = Ago(3) });
            await rows.Dialed(campaign);
            return [sooner, rang, answered, connected, unanswered, open];

            async Task<Guid> Over(object with) => (await rows.Dialed(campaign, Merged(PacerRows.Over(), with))).Attempt;
        },
        ["attempt-count-differs"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var ahead = await rows.Lead(campaign, new { State = "Dialing", Attempts = 2 });
            await rows.Attempt(campaign, ahead);
            var uncounted = await rows.Lead(campaign, new { Attempts = 1, Tries = 0 });
            await rows.Attempt(campaign, uncounted, Over());
            var overcounted = await rows.Lead(campaign, new { State = "Exhausted", Attempts = 1, Tries = 1 });
            await rows.Attempt(campaign, overcounted, Merged(Over(outcome: "ProviderError"), new { CountsAsTry = false }));
            await rows.Dialed(campaign);   // counted when it is over
            var right = await rows.Lead(campaign, new { Attempts = 2, Tries = 1 });
            await rows.Attempt(campaign, right, Over());
            await rows.Attempt(campaign, right, Merged(Over(outcome: "Canceled"), new { AttemptNumber = 2, CountsAsTry = false }));
            return [ahead, uncounted, overcounted];
        },
        ["leads-not-conserved"] = async rows =>
        {
            var (lost, more) = (await rows.Campaign(), await rows.Campaign(new { State = "Paused" }));
            await rows.Import(lost, 2);
            await rows.Import(lost, 1);
            await Imported(rows, lost, 2);
            await Imported(rows, more, 1);
            var right = await rows.Campaign();
            await rows.Import(right, 2);
            await Imported(rows, right, 2);
            await rows.Lead(right);   // from no upload
            var importing = await rows.Campaign();
            await rows.Import(importing, 5, "Running");
            var triggered = await rows.Campaign(new { Mode = "triggered" });
            await Imported(rows, triggered, 1);
            return [lost, more];
        },
        ["lead-left-behind"] = async rows =>
        {
            var completed = await rows.Campaign(new { State = "Completed", EndedAt = Ago(11) });
            var stopped = await rows.Campaign(new { State = "Stopped", EndedAt = Ago(11) });
            var left = new[] { await rows.Lead(completed), await rows.Lead(stopped) };
            await rows.Lead(completed, new { State = "Exhausted" });
            await rows.Lead(stopped, new { State = "Dialing" });   // that call may go on
            await rows.Lead(await rows.Campaign(new { State = "Stopped", EndedAt = Ago(9) }));
            await rows.Lead(await rows.Campaign());
            return [.. left];
        },
        ["campaign-not-looked-at"] = async rows =>
        {
            var (late, never, without) = (await rows.Campaign(), await rows.Campaign(), await rows.Campaign());
            await rows.Pulse(late, Ago(11));
            await rows.Pulse(never, null);
            var asleep = await rows.Campaign(new { State = "Paused" });
            await rows.Pulse(asleep, Ago(11));
            await rows.Pulse(await rows.Campaign(), Ago(9));
            await rows.Pulse(await rows.Campaign(new { State = "Paused" }), null);   // by a person: nobody wakes it
            await rows.Campaign(new { State = "Draft" });
            return [late, never, without, asleep];
        },
        ["dialed-outside-window"] = async rows =>
        {
            var campaign = await rows.Campaign();
            var (_, atNight) = await rows.Dialed(campaign, new { TimeZone = NewYork, Dialed = true });
            var (_, early) = await rows.Dialed(
                await rows.Campaign(rules: new() { Window = new(new(12, 0), new(13, 0), Enum.GetValues<DayOfWeek>(), []) }),
                new { RequestedAt = Ago(1), Dialed = true });
            await rows.Dialed(campaign, new { Dialed = true });
            await rows.Dialed(campaign, new { TimeZone = NewYork, Dialed = false });   // dropped in time
            await rows.Dialed(campaign, new { TimeZone = NewYork, Dialed = true, RequestedAt = Ago(61) });   // told an hour long
            await rows.Dialed(await rows.Campaign(rules: new() { Window = CallingWindow.Always }), new { TimeZone = NewYork, Dialed = true });
            // What the lead said, and the last look believed, is not asked: half past one in New York is in this window, half past eleven at night in
            // Boise is not.
            var night = await rows.Campaign(rules: new() { Window = new(new(1, 0), new(2, 0), Enum.GetValues<DayOfWeek>(), []) });
            var (_, elsewhere) = await rows.Dialed(night, new { TimeZone = NewYork, OwnZone = "", Number = "+12085550123", Dialed = true });
            var (_, contradicted) = await rows.Dialed(night, new { TimeZone = NewYork, OwnZone = NewYork, Number = "+12085550124", Dialed = true });
            var (_, late) = await rows.Dialed(
                night,
                new { TimeZone = NewYork, OwnZone = "", Number = "+12125550125", Dialed = true, RequestedAt = Ago(1), SubmittedAt = Ago(-31) });
            await rows.Dialed(night, new { TimeZone = "Asia/Kolkata", OwnZone = "", Number = "+12125550124", Dialed = true });
            await rows.Dialed(night, new { TimeZone = NewYork, OwnZone = NewYork, Number = "+15555550123", Dialed = true });
            // By a version that did not say whose zone it is.
            await rows.Dialed(night, new { TimeZone = NewYork, Number = "+12085550125", Dialed = true });
            return [atNight, early, elsewhere, contradicted, late];
        },
        ["calls-per-minute-exceeded"] = async rows =>
        {
            foreach (var second in new[] { 0, 20, 40, 59 })
                await Permit(rows, "default", second);
            foreach (var second in new[] { 0, 20, 40, 60, 80 })
                await Permit(rows, "calm", second);
            return ["default"];
        },
        ["concurrent-calls-exceeded"] = async rows =>
        {
            var campaign = await rows.Campaign();
            foreach (var account in new[] { "default", "calm" })
            {
                await rows.Dialed(campaign, new { Account = account });
                await rows.Dialed(campaign, new { Account = account, State = "Ringing" });
                await rows.Dialed(campaign, Merged(Over(), new { Account = account }));
                await rows.Dialed(campaign, new { Account = account, State = "Offered" });
            }
            await rows.Dialed(campaign, new { State = "Requested" });
            return ["default"];
        },
    };

    public static TheoryData<string> Names => [.. PacerInvariants.All.Select(invariant => invariant.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Exactly_the_rows_that_break_it_are_reported(string invariant)
    {
        var (expected, reported, violations) = await Cases.BreakAsync(invariant, rows, rows.Rig);

        Assert.Equal(expected, reported);
        Assert.Equal(expected.Count(), violations);
    }

    [Fact]
    public void Every_invariant_is_broken_by_a_case() => Assert.Empty(Cases.Unproven);

    [Fact]
    public async Task A_healthy_ledger_violates_none()
    {
        await rows.Rig.ClearAsync();
        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
        var campaign = await rows.Campaign();
        await rows.Pulse(campaign, Ago(0));
        await rows.Import(campaign, 3);
        var import = new { ImportId = Guid.NewGuid() };
        await rows.Lead(campaign, import);
        await rows.Attempt(campaign, await rows.Lead(campaign, Merged(import, new { State = "Dialing", Attempts = 1 })), new { Dialed = true });
        await rows.Attempt(
            campaign, await rows.Lead(campaign, Merged(import, new { State = "Completed", Attempts = 1, Tries = 1 })), Over(outcome: "Completed"));
        await Permit(rows, "default", 0);

        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
    }

    private static async Task Imported(PacerRows rows, Guid campaign, int leads)
    {
        for (var lead = 0; lead < leads; lead++)
            await rows.Lead(campaign, new { ImportId = Guid.NewGuid() });
    }

    private static Task Permit(PacerRows rows, string account, int second) =>
        rows.Rig.InsertAsync("originate_permits", new { Account = account, At = Ago(2).AddSeconds(second) });
}
