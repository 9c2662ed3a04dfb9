using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Suppressions;
using Outdial.Pacer.Tests.Leads.Import;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Suppressions;

/// <summary>Many people at once, by list and by request, and the list as a file.</summary>
public sealed class SuppressionListTests : IAsyncLifetime
{
    private PacerNode _node = null!;

    public async Task InitializeAsync() => _node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Imports:MaxRows"] = "2500" });

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private async Task<(HttpStatusCode Status, JsonElement Body)> Upload(HttpContent body, string query = "?region=IN")
    {
        var answer = await _node.Http.PostAsync($"/api/v1/suppressions/upload{query}", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static StringContent Csv(string text) => new(text, Encoding.UTF8, "text/csv");

    private static long[] Counts(JsonElement result) =>
        [.. new[] { "rows", "added", "known", "rejected" }.Select(name => result.GetProperty(name).GetInt64())];

    [Fact]
    public async Task A_list_is_put_on_the_list_told_to_all_and_changes_nothing_when_it_is_sent_again()
    {
        const string list = "phone,mobile,scope\n079 2345 6789,9876543210,\n9876543210,,\n9876543211,,service\n12,,\n";

        var (status, first) = await Upload(Csv(list), "?region=IN&reason=by%20mail");
        var (_, again) = await Upload(new ByteArrayContent(Workbooks.Packed(list)) { Headers = { ContentType = new("application/gzip") } });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([4, 3, 1, 1], Counts(first));
        Assert.Equal([4, 0, 4, 1], Counts(again));
        Assert.Equal(("5", "phone", "12"), first.GetProperty("errors")[0] is var error
            ? ($"{error.GetProperty("row")}", error.GetProperty("field").GetString(), error.GetProperty("value").GetString()) : default);
        var entries = await _node.Ask(db => db.Suppressions.AsNoTracking().OrderBy(s => s.Number).ToListAsync());
        Assert.Equal(
            [("+917923456789", "all", "by mail", "list"), ("+919876543210", "all", "by mail", "list"), ("+919876543211", "service", "by mail", "list")],
            entries.Select(s => (s.Number, s.Scope, s.Reason, s.Source)));
        await Eventually.Async(() => _node.Router.All<NumberSuppressed>().Count >= 3);
        Assert.Equal(entries.Select(s => (s.Number, s.Scope)), _node.Router.All<NumberSuppressed>().Select(s => (s.Number, s.Scope)).Order());
    }

    [Fact]
    public async Task A_long_list_is_taken_in_parts_and_what_was_taken_stays_where_it_ends_early()
    {
        var (status, problem) = await Upload(Csv("phone\n" + string.Join('\n', Enumerable.Range(0, 2_501).Select(n => $"98765{n:00000}"))));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("The upload has more than 2500 rows", problem.GetProperty("detail").GetString());
        Assert.Equal([2500, 2500, 0, 0], Counts(problem.GetProperty("result")));
        Assert.Equal(2_500, await _node.Ask(db => db.Suppressions.CountAsync()));
    }

    [Theory]
    [InlineData("?region=Narnia", "region"), InlineData("?scope=everything", "scope"), InlineData("?region=IN&sheet=A", "sheet")]
    public async Task What_an_upload_says_is_judged_before_it_is_read(string query, string named)
    {
        var (status, problem) = await Upload(Csv("phone\n9876543210\n"), query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(await _node.Ask(db => db.Suppressions.AnyAsync()));
    }

    [Fact]
    public async Task Each_of_many_people_has_a_result_of_its_own()
    {
        (await _node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "+919876543210" })).EnsureSuccessStatusCode();

        var answer = await _node.Http.PostAsync("/api/v1/suppressions/bulk", new StringContent(
            """
            [{"number":"+919876543211"},{"number":"+919876543210","scope":"all"},{"number":"07700 900123","region":"GB","reason":"by mail"},{"number":"12"},
             {"number":"+919876543211"},{"number":"+919876543212","scop":"all","reason":7,"scope":"x"},{"number":"+919876543210","scope":"service"},7]
            """, Encoding.UTF8, "application/json"));
        var result = (await answer.Content.ReadFromJsonAsync<SuppressionsAnswer>())!;

        Assert.Equal((3, 2, 3), (result.Added, result.Known, result.Refused));
        Assert.Equal(["added", "known", "added", "refused", "known", "refused", "added", "refused"], result.Results.Select(one => one.Result));
        Assert.Equal(["scop", "reason", "scope"], result.Results[5].Errors!.Select(error => error.Field));
        Assert.EndsWith("; nearest: scope", result.Results[5].Errors![0].Expected, StringComparison.Ordinal);
        Assert.Equal("+447700900123", result.Results[2].Number);
        Assert.Equal(4, await _node.Ask(db => db.Suppressions.CountAsync()));
        Assert.Equal(HttpStatusCode.BadRequest, (await _node.Http.PostAsJsonAsync("/api/v1/suppressions/bulk", Array.Empty<object>())).StatusCode);
        var one = await _node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "12", scope = "foo", reason = new string('x', 501) });
        Assert.Equal(["number", "scope", "reason"], (await one.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task The_whole_list_is_a_file_that_a_spreadsheet_opens_and_that_can_be_uploaded()
    {
        await Upload(Csv("phone,scope,reason\n9876543210,all,=1+1\n9876543211,service,\"by mail, twice\"\n"));

        var all = await _node.Http.GetStringAsync("/api/v1/suppressions/export.csv");
        var one = await _node.Http.GetStringAsync("/api/v1/suppressions/export.csv?scope=service");
        var wrong = await _node.Http.GetAsync("/api/v1/suppressions/export.csv?scope=everything");
        await _node.Ask(db => db.Database.ExecuteSqlAsync($"delete from suppressions"));
        var (_, back) = await Upload(Csv(all), "");

        Assert.Equal("id,number,scope,reason,source,createdAt,createdBy", all.Split("\r\n")[0]);
        Assert.Contains(",+919876543210,all,'=1+1,list,2026-01-14T06:30:00Z,", all, StringComparison.Ordinal);
        Assert.Equal(4, all.Split("\r\n").Length);
        Assert.Contains("\"by mail, twice\"", one, StringComparison.Ordinal);
        Assert.DoesNotContain("+919876543210", one, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal([2, 2, 0, 0], Counts(back));
        Assert.Equal(["=1+1", "by mail, twice"], await _node.Ask(db => db.Suppressions.OrderBy(s => s.Number).Select(s => s.Reason).ToListAsync()));
    }
}
