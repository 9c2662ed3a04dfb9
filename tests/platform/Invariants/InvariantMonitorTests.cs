using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Invariants;
using Outdial.Platform.Tests.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Invariants;

public sealed class InvariantMonitorTests
{
    [Fact]
    public async Task A_message_that_nobody_has_handed_over_for_long_is_reported_with_its_id()
    {
        await using var rig = await InvariantRig.CreateAsync("test", builder => builder.AddDatabase<TestDb>("test"));
        var stuck = rig.Services.GetServices<OwnedInvariant>().Single(owned => owned.Invariant.Name == "outbox-stuck").Invariant;
        Assert.Equal(0, (await rig.AskAsync(stuck)).Violations);
        var message = new { DestinationAddress = "exchange:x", MessageType = "x", ContentType = "application/json", Body = "{}", CreatedAt = Ago(11) };
        var forgotten = Guid.NewGuid();
        await rig.InsertAsync("outbox_messages", message, new { MessageId = forgotten });
        await rig.InsertAsync("outbox_messages", message, new { MessageId = Guid.NewGuid(), CreatedAt = Ago(9) });
        await rig.InsertAsync("outbox_messages", message, new { MessageId = Guid.NewGuid(), DeliverAt = Ago(-5) });   // not before then
        await rig.InsertAsync("outbox_messages", message, new { MessageId = Guid.NewGuid(), DeliveredAt = Ago(10) });

        var found = await rig.AskAsync(stuck);

        Assert.Equal((1, $"{forgotten}"), (found.Violations, Assert.Single(found.Examples)));
    }

    [Fact]
    public async Task Of_many_violations_all_are_counted_and_some_are_named()
    {
        await using var rig = await InvariantRig.CreateAsync("test", builder => builder.AddDatabase<TestDb>("test"));

        var found = await rig.AskAsync(Invariant.Rows<TestDb>("many", "", "select id from generate_series(1, 1000) id"));

        Assert.Equal((1000, 20), (found.Violations, found.Examples.Count));
    }

    [Theory]
    [InlineData("none", true, 0)]
    [InlineData("some", false, 2)]
    [InlineData("broken", false, null)]
    public async Task All_is_well_only_where_every_question_was_answered_and_found_nothing(string kind, bool ok, int? violations)
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.AddInvariants("first",
            new Invariant("healthy", "Never so.", (_, _, _) => Task.FromResult(Invariant.Found([]))),
            new Invariant("asked", "Perhaps so.", (_, _, _) => kind switch
            {
                "none" => Task.FromResult(Invariant.Found([])),
                "some" => Task.FromResult(Invariant.Found(["a", "b"])),
                _ => throw new InvalidOperationException("secret of the inside +919876540240"),
            })));

        var answer = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/invariants");

        Assert.Equal(ok, answer.GetProperty("ok").GetBoolean());
        var asked = answer.GetProperty("invariants").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "asked");
        Assert.Equal(violations, asked.GetProperty("violations").Deserialize<int?>());
        Assert.DoesNotContain("secret", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_found_last_is_in_the_metrics()
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.AddInvariants("first",
            new Invariant("broken-law", "Never so.", (_, _, _) => Task.FromResult(Invariant.Found(["a", "b", "c"])))));

        await service.Client.GetAsync("/api/v1/invariants");

        var metrics = await service.Client.GetStringAsync("/metrics");
        Assert.Matches("""outdial_invariant_violations[^\n]*invariant="broken-law"[^\n]* 3""", metrics);
    }

    private static DateTimeOffset Ago(double minutes) => InvariantRig.Now.AddMinutes(-minutes);
}
