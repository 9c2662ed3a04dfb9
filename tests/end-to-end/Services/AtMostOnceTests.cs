using Npgsql;
using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>
/// Law 1: a person is not called twice because a process died. The pacer is killed at each of the three places where a
/// careless one would call again; the simulator's record says how often phones rang.
/// </summary>
[Collection(SharedServices.Name)]
public class AtMostOnceTests(SharedServices shared)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Law_1_a_pacer_killed_after_the_attempt_is_written_and_before_the_provider_is_asked_calls_at_most_once()
    {
        var (rig, services) = await shared.RenewAsync(faults: "none");
        await using var database = NpgsqlDataSource.Create(services.PacerDatabase);

        // The issuer takes its slot of the budget under this row's lock: holding it stops every issuer where we want it.
        await using (var holder = await database.OpenConnectionAsync())
        {
            await using var hold = await holder.BeginTransactionAsync();
            await ExecuteAsync(holder, "insert into originate_budgets (account) values ('default') on conflict do nothing");
            await ExecuteAsync(holder, "select 1 from originate_budgets where account = 'default' for update");
            var trial = await Trial.BeginAsync(rig, services, LeadLists.WithSuffix("6601", count: 6), rig.ScenarioOf(DemoModes.Notification));
            await AttemptsAsync(database, "Requested", atLeast: 3);
            Assert.Empty((await trial.RecordAsync()).Calls);

            await services.KillAsync("pacer");
            await hold.RollbackAsync();
            await services.StartAsync("pacer");

            await AssertOnceEachAsync(trial);
        }
    }

    [Fact]
    public async Task Law_1_a_pacer_killed_while_the_provider_hangs_after_placing_the_call_calls_at_most_once()
    {
        var (rig, services) = await shared.RenewAsync(faults: "none");
        // Long enough that the request still hangs when the process dies.
        await services.RestartAsync("pacer", new Dictionary<string, string> { ["Accounts__default__RequestTimeout"] = "00:01:00" });
        var trial = await Trial.BeginAsync(rig, services, LeadLists.WithSuffix("6643", count: 6), rig.ScenarioOf(DemoModes.Notification));
        await Eventually.Async(async () => (await trial.RecordAsync()).Calls.Count >= 2, Deadline, "calls were placed");

        await services.KillAsync("pacer");
        await services.StartAsync("pacer");

        await AssertOnceEachAsync(trial);
    }

    [Fact]
    public async Task Law_1_a_pacer_killed_before_the_answer_could_be_stored_calls_at_most_once()
    {
        var (rig, services) = await shared.RenewAsync(faults: "none");
        await using var database = NpgsqlDataSource.Create(services.PacerDatabase);

        // The provider answers these only after the call is over: time enough to hold the rows that the answers go to.
        var trial = await Trial.BeginAsync(rig, services, LeadLists.WithSuffix("6634", count: 6), rig.ScenarioOf(DemoModes.Notification));
        await using (var holder = await database.OpenConnectionAsync())
        {
            await AttemptsAsync(database, "Submitting", atLeast: 2);
            await using var hold = await holder.BeginTransactionAsync();
            await ExecuteAsync(holder, "select 1 from attempts where state = 'Submitting' for update");
            await Eventually.Async(
                async () => (await trial.RecordAsync()).Calls.Count(call => call.EndedAt is not null) >= 2, Deadline, "answers came that cannot be stored");

            await services.KillAsync("pacer");
            await hold.RollbackAsync();
        }
        await services.StartAsync("pacer");

        await AssertOnceEachAsync(trial);
    }

    /// <summary>The verdict can be red: a pacer that places an attempt whenever it is told to calls people twice when it dies.</summary>
    [Fact]
    public async Task Law_1_without_the_protection_of_the_ledger_the_verdict_finds_people_who_were_called_twice()
    {
        var (rig, services) = await shared.RenewAsync(faults: "none");
        var careless = new Dictionary<string, string>
        {
            ["Pacer__PlaceOnce"] = "false",
            // The other protections take their time: only the one that is off could help.
            ["Accounts__default__RequestTimeout"] = "00:00:20",
            ["Pacer__AttemptLife"] = "02:00:00",
            ["Pacer__AnswerDeadline"] = "02:00:00",
        };
        await services.RestartAsync("pacer", careless);
        try
        {
            // The provider places each call and does not answer: a pacer that is killed then has orders in hand, and they come again.
            var trial = await Trial.BeginAsync(rig, services, LeadLists.WithSuffix("6643", count: 6), rig.ScenarioOf(DemoModes.Notification));
            await Eventually.Async(async () => (await trial.RecordAsync()).Calls.Count >= 2, Deadline, "calls were placed");

            await services.KillAsync("pacer");
            await services.StartAsync("pacer", careless);
            await Eventually.Async(
                async () => (await trial.RecordAsync()).Calls.GroupBy(call => call.AttemptId).Any(calls => calls.Count() > 1), Deadline, "an attempt is placed again");
            var verdict = await trial.JudgeNowAsync();

            Assert.False(verdict.Ok);
            Assert.Contains(verdict.Findings, finding =>
                finding.Kind == FindingKinds.DoubleDial && finding.Text.StartsWith("was placed ", StringComparison.Ordinal));
        }
        finally
        {
            await services.RestartAsync("pacer", new Dictionary<string, string>());
        }
    }

    /// <summary>Every lead ends, and no attempt rang more than once.</summary>
    private static async Task AssertOnceEachAsync(Trial trial)
    {
        var verdict = await trial.JudgeAsync(Deadline);

        var record = await trial.RecordAsync();
        Assert.All(record.Calls.GroupBy(call => call.AttemptId), calls => Assert.Single(calls));
        Assert.NotEmpty(record.Calls);
        trial.AssertOk(verdict, trial.Import.Accepted);
    }

    private static Task AttemptsAsync(NpgsqlDataSource database, string state, int atLeast) => Eventually.Async(async () =>
    {
        await using var count = database.CreateCommand("select count(*) from attempts where state = $1");
        count.Parameters.Add(new() { Value = state });
        return (long)(await count.ExecuteScalarAsync())! >= atLeast;
    }, Deadline, $"{atLeast} attempts are {state}");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
