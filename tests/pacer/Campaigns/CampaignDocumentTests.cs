using System.Text.Json;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.Campaigns;

/// <summary>A change is read as the campaign with the change in it: so whatever a campaign goes by has to come back as it was.</summary>
public sealed class CampaignDocumentTests
{
    private static readonly NumberRegions India = NumberRegions.Of("IN");

    private static Campaign With(string mode, CampaignRules rules) => new()
    {
        Name = "whole",
        Mode = mode,
        Purpose = Purposes.Service,
        Account = "default",
        CreatedBy = "tests",
        Rules = rules,
    };

    private static string Json(CampaignRules rules) => JsonSerializer.Serialize(rules, JsonSerializerOptions.Web);

    private static readonly CampaignRules Other = new()
    {
        TimeZone = "Europe/London",
        TimeZoneNamed = true,
        Window = new(new(10, 0), new(18, 30), [DayOfWeek.Monday, DayOfWeek.Friday], [new(2026, 12, 25)]),
        EndsAt = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        KeepOpen = true,
        MaxAttempts = 7,
        MaxAttemptsPerDay = 2,
        MinimumGap = TimeSpan.FromMinutes(9),
        Redial = CampaignRules.DefaultRedial.ToDictionary(r => r.Key, r => new RedialRule(r.Value.After + TimeSpan.FromMinutes(1), r.Value.Times + 1)
        {
            Within = new(new(17, 0), new(20, 0), Enum.GetValues<DayOfWeek>(), []),
        }),
        CallsPerMinute = 17,
        Weight = 2.5,
        Priority = -3,
        RingTimeout = TimeSpan.FromSeconds(45),
        TimeLimit = TimeSpan.FromMinutes(10),
        ReachedAfter = TimeSpan.FromSeconds(5),
        Completion = new() { Floor = 0.3, Window = 50, Action = "pause", CoolOff = TimeSpan.FromMinutes(5) },
        CallerIds = ["+918040000002"],
        Flow = "927",
        OptOutDigits = "9",
        Dnd = "consented",
        DndUnknown = "dial",
    };

    private static readonly AgentRules OtherAgents = new()
    {
        Ratio = 2.5,
        DropLimit = 0.02,
        DropWindow = "day",
        ConnectWithin = TimeSpan.FromSeconds(3),
        QueueHigh = 9,
        QueueLow = 3,
        QueueDwell = TimeSpan.FromSeconds(8),
        AnswerForm = "text",
        Record = true,
        MaxConversation = TimeSpan.FromMinutes(20),
        WrapUp = TimeSpan.FromSeconds(33),
        PreviewTime = TimeSpan.FromMinutes(1),
        Skill = "hindi",
        Dispositions = [new("sold", "Sold", true)],
        HopperPerAgent = 5,
        PersonalFor = TimeSpan.FromHours(1),
    };

    public static TheoryData<string> Modes => [CampaignModes.Notification, CampaignModes.Power, CampaignModes.Progressive];

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_a_campaign_goes_by_comes_back_as_it_was(string mode)
    {
        var rules = mode == CampaignModes.Notification ? Other : Other with
        {
            ReachedAfter = TimeSpan.Zero,
            Agents = mode == CampaignModes.Power ? OtherAgents : OtherAgents with { Ratio = new AgentRules().Ratio },
        };

        var again = CampaignRequest.Of(With(mode, rules)).Rules(India, null);

        Assert.Equal(Json(rules), Json(again));
        Assert.Equal(Json(rules), Json(StoredRules.Read(StoredRules.Write(rules))));
    }

    [Fact]
    public void No_rule_of_this_test_is_the_default_so_that_none_is_left_out()
    {
        var (given, usual) =
            (JsonSerializer.SerializeToElement(Other with { Agents = OtherAgents }), JsonSerializer.SerializeToElement(new CampaignRules()));

        // Named by whoever asks for another, and so neither here nor there.
        Assert.All(given.EnumerateObject().Where(rule => rule.Name is not nameof(CampaignRules.Agents)),
            rule => Assert.NotEqual(rule.Value.GetRawText(), usual.GetProperty(rule.Name).GetRawText()));
        var agents = JsonSerializer.SerializeToElement(new AgentRules());
        Assert.All(given.GetProperty(nameof(CampaignRules.Agents)).EnumerateObject(),
            rule => Assert.NotEqual(rule.Value.GetRawText(), agents.GetProperty(rule.Name).GetRawText()));
    }

    [Theory]
    [InlineData("""{"staysOpen": true}""", true)]
    [InlineData("""{"keepOpen": true}""", true)]
    [InlineData("""{"keepOpen": true, "staysOpen": false}""", false)]
    [InlineData("""{"flow": "\"staysOpen\": true"}""", false)]
    public void A_campaign_of_the_version_before_is_kept_open_by_its_own_word(string stored, bool open) =>
        Assert.Equal(open, StoredRules.Read(stored).KeepOpen);
}
