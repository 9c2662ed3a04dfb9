using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Telemetry;

/// <summary>Campaigns come and go for as long as a process lives: none is told when it is over, and none is lumped together with others.</summary>
public sealed class PassingGaugeTests
{
    private const string Depth = "outdial.test.depth";
    private readonly string _meter = $"Outdial.Test.{Guid.NewGuid():N}.Passing";

    [Fact]
    public async Task A_series_that_is_kept_no_more_is_in_no_scrape()
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:00:00");
        using var gauges = Gauges(service);

        Keep(gauges, ("Diwali", 3), ("Holi", 4));
        var first = await Scrape(service);
        Keep(gauges, ("Holi", 5));
        var second = await Scrape(service);
        gauges.Keep(new Dictionary<string, IEnumerable<Measurement<double>>>());

        Assert.Equal(["Diwali 3", "Holi 4"], first.Order());
        Assert.Equal(["Holi 5"], second);
        Assert.Empty(await Scrape(service));
    }

    [Fact]
    public async Task However_many_came_and_went_the_next_ones_are_told_by_their_names()
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:00:00");
        using var gauges = Gauges(service);
        // Made anew more often than the library alone would have places for instruments.
        for (var i = 0; i < 1_100; i++)
        {
            Keep(gauges, [("always", 1), .. Enumerable.Range(0, PassingGauges.Most - 1).Select(each => ($"campaign {i} {each}", i))]);
            if (i % 500 == 0)
                await Scrape(service);
        }
        Keep(gauges, ("always", 1), ("campaign", 999));

        Assert.Equal(["always 1", "campaign 999"], (await Scrape(service)).Order());
    }

    [Fact]
    public async Task More_at_once_than_there_may_be_series_are_left_out_and_the_others_told()
    {
        await using var service = await ServiceUnderTest.Start();
        using var gauges = Gauges(service);

        Keep(gauges, [.. Enumerable.Range(0, PassingGauges.Most + 100).Select(i => ($"campaign {i}", i))]);

        var told = await Scrape(service);
        Assert.Equal(PassingGauges.Most, told.Count);
        Assert.Contains("campaign 0 0", told);
    }

    /// <summary>Whoever listens to a name hears everybody of that name in the process.</summary>
    [Fact]
    public async Task Of_two_services_in_one_process_each_tells_its_own_alone()
    {
        await using var one = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:00:00");
        await using var other = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:00:00");
        using var ofOne = Gauges(one);
        using var ofOther = Gauges(other);

        Keep(ofOne, ("Diwali", 3));
        Keep(ofOther, ("Holi", 4));

        Assert.Equal(["Diwali 3"], await Scrape(one));
        Assert.Equal(["Holi 4"], await Scrape(other));
    }

    private PassingGauges Gauges(ServiceUnderTest service) =>
        new(service.Services.GetRequiredService<IMeterFactory>(), _meter, (Depth, "{lead}", "What waits."));

    private static void Keep(PassingGauges gauges, params (string Name, int Value)[] values) => gauges.Keep(
        new Dictionary<string, IEnumerable<Measurement<double>>>
        {
            [Depth] = values.Select(each => new Measurement<double>(each.Value, new KeyValuePair<string, object?>("name", each.Name))),
        });

    private async Task<List<string>> Scrape(ServiceUnderTest service) =>
    [
        .. (await service.Client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("outdial_test_depth{", StringComparison.Ordinal) && line.Contains(_meter, StringComparison.Ordinal))
            .Select(line => $"{line.Split("name=\"")[2].Split('"')[0]} {line[(line.LastIndexOf(' ') + 1)..]}"),
    ];
}
