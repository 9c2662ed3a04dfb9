using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Leads.Import;

/// <summary>Uploads over HTTP into PostgreSQL.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private PacerNode _node = null!;

    public async Task InitializeAsync() => _node = await PacerNode.Start(settings: new Dictionary<string, string?>
    {
        ["Imports:BatchSize"] = "5",
        ["Imports:MaxRows"] = "40",
        ["Imports:MaxBytes"] = "20000",
    });

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Good_rows_are_kept_and_every_other_row_is_accounted_for()
    {
        var campaign = await ACampaign();

        var result = await Uploaded(campaign, "phone,name,priority\n9876543210,Asha,5\n123,Short,\n09876543210,Again,\n9876543211,Zo\"ë,high\n9876543212,Ravi,\n");

        Assert.Equal((5, 2, 2, 1), (result.Rows, result.Accepted, result.Rejected, result.Duplicates));
        Assert.Equal(["3 phone 123", "4 phone +919876543210", "5 priority high"], result.Errors.Select(e => $"{e.Row} {e.Field} {e.Value}"));
        Assert.Contains("row 2 has it", result.Errors[1].Expected);
        var leads = await _node.Ask(db => db.Leads.AsNoTracking().OrderBy(lead => lead.ImportRow).ToListAsync());
        Assert.Equal(["+919876543210", "+919876543212"], leads.Select(lead => lead.Number));
        Assert.Equal(("""{"name": "Asha"}""", 5, "Asia/Kolkata", "Waiting"), (leads[0].Attributes, leads[0].Priority, leads[0].TimeZone, leads[0].State));
    }

    [Fact]
    public async Task Uploading_the_same_list_again_adds_nothing_and_loses_nothing()
    {
        var campaign = await ACampaign();
        var list = List(Enumerable.Range(0, 23));
        await Uploaded(campaign, list);

        var again = await Uploaded(campaign, list);

        Assert.Equal((23, 0, 0, 23), (again.Rows, again.Accepted, again.Rejected, again.Duplicates));
        Assert.All(again.Errors, error => Assert.Equal("a number that this campaign does not have yet", error.Expected));
        Assert.Equal(23, await _node.Ask(db => db.Leads.CountAsync()));
    }

    [Fact]
    public async Task Leads_of_one_priority_keep_the_order_of_the_upload()
    {
        var campaign = await ACampaign();

        await Uploaded(campaign, List(Enumerable.Range(0, 5).Reverse()));

        Assert.Equal([2, 3, 4, 5, 6], await _node.Ask(db => db.Leads.OrderBy(lead => lead.Id).Select(lead => lead.ImportRow!.Value).ToListAsync()));
    }

    [Fact]
    public async Task Two_uploads_of_one_list_at_once_share_its_numbers_between_them()
    {
        var campaign = await ACampaign();
        var numbers = Enumerable.Range(0, 40).ToArray();

        var results = await Task.WhenAll(Uploaded(campaign, List(numbers)), Uploaded(campaign, List(numbers.Reverse())));

        Assert.Equal(40, results.Sum(result => result.Accepted));
        Assert.Equal(40, results.Sum(result => result.Duplicates));
        Assert.Equal(40, await _node.Ask(db => db.Leads.Select(lead => lead.Number).Distinct().CountAsync()));
    }

    [Fact]
    public async Task Progress_is_seen_while_the_upload_is_still_coming()
    {
        var campaign = await ACampaign();
        var slow = new SlowBody();
        var upload = _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads?fileName=slow.csv", slow);
        await slow.Send(List(Enumerable.Range(0, 12)));

        var running = await Eventually.Some(async () => (await ImportsOf(campaign)).SingleOrDefault(import => import.Rows == 10));
        slow.End();
        var result = (await (await upload).Content.ReadFromJsonAsync<ImportResult>())!;

        Assert.Equal(("Running", "slow.csv", 10), (running.State, running.FileName, running.Accepted));
        Assert.Equal(("Completed", 12), (result.State, result.Accepted));
        Assert.Equal("Completed", (await _node.Http.GetFromJsonAsync<ImportView>($"/api/v1/imports/{result.ImportId}"))!.State);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_keeps_its_batches_and_says_so()
    {
        var campaign = await ACampaign();
        var slow = new SlowBody();
        using var patience = new CancellationTokenSource();
        var upload = _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", slow, patience.Token);
        await slow.Send(List(Enumerable.Range(0, 12)));
        await Eventually.Some(async () => (await ImportsOf(campaign)).SingleOrDefault(import => import.Rows == 10));

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        var failed = await Eventually.Some(async () => (await ImportsOf(campaign)).SingleOrDefault(import => import.State == "Failed"));
        Assert.Equal(10, failed.Accepted);
        Assert.Contains("upload the list again", failed.Failure);
        Assert.Equal((12, 2, 10), await Uploaded(campaign, List(Enumerable.Range(0, 12))) is var again
            ? (again.Rows, again.Accepted, again.Duplicates) : default);
    }

    [Fact]
    public async Task A_campaign_that_is_stopped_during_the_upload_takes_no_more_leads()
    {
        var campaign = await ACampaign();
        var slow = new SlowBody();
        var upload = _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", slow);
        await slow.Send(List(Enumerable.Range(0, 7)));
        await Eventually.Some(async () => (await ImportsOf(campaign)).SingleOrDefault(import => import.Rows == 5));

        await _node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Stopped' where id = {campaign}"));
        slow.End();

        Assert.Contains("became Stopped while the upload was read", await (await upload).Content.ReadAsStringAsync());
        Assert.Equal(5, await _node.Ask(db => db.Leads.CountAsync()));
        Assert.Equal("Failed", Assert.Single(await ImportsOf(campaign)).State);
    }

    [Fact]
    public async Task The_upload_is_announced_once_it_is_in()
    {
        var campaign = await ACampaign();

        await Uploaded(campaign, List([1, 2]));

        Assert.Equal(1, await _node.Ask(db => db.Database.SqlQuery<int>(
            $"""select count(*)::int as "Value" from outbox_messages where message_type like '%LeadsImported%'""").SingleAsync()));
    }

    [Fact]
    public async Task Errors_come_page_by_page_and_as_a_file_that_is_safe_in_a_spreadsheet()
    {
        var campaign = await ACampaign();
        var result = await Uploaded(campaign, "phone,priority,name\nnobody,x,\n=1+1,,\n\"a,\"\"b\",,\n");

        var first = (await _node.Http.GetFromJsonAsync<ErrorPage>($"{result.ErrorsUrl}?limit=1"))!;
        var rest = (await _node.Http.GetFromJsonAsync<ErrorPage>($"{result.ErrorsUrl}?after={first.Next}"))!;
        var csv = await _node.Http.GetStringAsync($"{result.ErrorsUrl}.csv");

        Assert.Equal(["phone", "priority"], first.Errors.Select(error => error.Field));   // one row's errors stay together
        Assert.Equal([3, 4], rest.Errors.Select(error => error.Row));
        Assert.Null(rest.Next);
        Assert.StartsWith("row,field,value,expected\r\n2,phone,nobody,\"a telephone number of IN", csv);
        Assert.Contains("\r\n3,phone,'=1+1,", csv);
        Assert.Contains("\r\n4,phone,\"a,\"\"b\",", csv);
    }

    [Fact]
    public async Task No_cell_of_the_file_of_errors_runs_in_a_spreadsheet_nor_does_the_name_of_a_column()
    {
        var campaign = await ACampaign();
        var result = await Uploaded(campaign, "phone,=priority,timezone\n=1+1,,\n\" =1+1\",,\n\"x;=1+1\",,\n＝1+1,,\n+1+1,,\n9876543210,,@zone\n+1,,\n9876543211,a\0b,\n");

        var csv = await _node.Http.GetStringAsync($"{result.ErrorsUrl}.csv");

        string[] values = ["'=1+1", "'=1+1", "\"x;'=1+1\"", "'＝1+1", "'+1+1"];
        Assert.All(values.Select((value, at) => $"\r\n{at + 2},phone,{value},"), line => Assert.Contains(line, csv, StringComparison.Ordinal));
        Assert.Contains("\r\n9,'=priority,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n7,timezone,'@zone,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n8,phone,+1,", csv, StringComparison.Ordinal);   // a number is itself, in a spreadsheet too
    }

    [Fact]
    public async Task A_list_whose_cells_were_made_safe_for_spreadsheets_is_read_as_it_was_before()
    {
        var campaign = await ACampaign();

        var result = await Uploaded(campaign, "phone,name,'=note\n'+91 98765 43210,'=SUM(A1),O'Brien\n'+919876543211,\"'@asha;'-x\",'quoted'\n");

        Assert.Equal((2, 2), (result.Rows, result.Accepted));
        var leads = await _node.Ask(db => db.Leads.AsNoTracking().OrderBy(lead => lead.ImportRow).ToListAsync());
        Assert.Equal(["+919876543210", "+919876543211"], leads.Select(lead => lead.Number));
        Assert.Equal(
            ["""{"name": "=SUM(A1)", "=note": "O'Brien"}""", """{"name": "@asha;-x", "=note": "'quoted'"}"""], leads.Select(lead => lead.Attributes));
    }

    [Theory]
    [InlineData("name\nAsha\n", "text/csv", 400, "no column for the phone number: found 'name'; expected a column named phone")]
    [InlineData("phone\n9876543210", "application/pdf", 415, "The content type 'application/pdf; charset=utf-8' is not taken: expected text/csv")]
    [InlineData("phone\n9876543210", "application/vnd.oasis.opendocument.spreadsheet", 415, "a workbook (application/vnd.openxml")]
    [InlineData("PK\u0003\u0004", "text/csv", 400, "begins as a workbook and cannot be read as one")]
    [InlineData("\u001f", "application/gzip", 400, "no column for the phone number")]
    public async Task An_upload_that_makes_no_sense_leaves_nothing_behind(string body, string type, int status, string sentence)
    {
        var campaign = await ACampaign();

        var answer = await Post(campaign, body, type);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(sentence, await Detail(answer));
        Assert.Empty(await ImportsOf(campaign));
    }

    [Theory]
    [InlineData("", "", "file", "empty", "a first line with a column named phone, number, mobile, msisdn or phone_number, and the rows below it")]
    [InlineData("name\nAsha\n", "", "file.header", "'name'", "a column named phone, number, mobile, msisdn or phone_number")]
    [InlineData("phone,name,Name\n1,a,b", "", "file.header", "name", "each name once")]
    [InlineData("phone,\"name\n1,a", "", "file.header", "phone,\"name", "a closing quote at the end of the quoted field")]
    [InlineData("phone\n1", "?sheet=Othr", "sheet", "Othr", "no sheet with a text; a workbook where one is named")]
    [InlineData("PK\u0003\u0004", "", "file", "damaged", "a workbook that can be read, or CSV")]
    public async Task A_file_that_is_refused_as_a_whole_is_refused_by_its_part_with_value_and_what_was_expected(
        string body, string query, string field, string value, string expected)
    {
        var campaign = await ACampaign();

        foreach (var path in new[] { $"campaigns/{campaign}/leads", "suppressions/upload" })
        {
            using var answer = await _node.Http.PostAsync($"/api/v1/{path}{query}", new StringContent(body, Encoding.UTF8, "text/csv"));

            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("The request is not valid.", problem.GetProperty("title").GetString());
            var error = problem.GetProperty("errors")[0];
            Assert.Equal((path, field, value, expected), (path, error.GetProperty("field").GetString(), error.GetProperty("value").GetString(),
                error.GetProperty("expected").GetString()));
        }
    }

    [Fact]
    public async Task More_columns_than_are_taken_are_told_the_limit()
    {
        var campaign = await ACampaign();

        using var answer = await Post(campaign, "phone," + string.Join(',', Enumerable.Range(0, 100).Select(n => $"c{n}")), "text/csv");

        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        Assert.Equal(("file.header", "101 columns", "at most 100 columns"),
            (error.GetProperty("field").GetString(), error.GetProperty("value").GetString(), error.GetProperty("expected").GetString()));
    }

    [Fact]
    public async Task A_workbook_and_a_compressed_list_are_taken_as_files_and_as_bodies_and_the_answer_says_what_was_read()
    {
        var campaign = await ACampaign();
        var workbook = Workbooks.Of(
            new TestSheet("Notes", ["phone"], [9876543210d]), new TestSheet("Leads", ["phone"], [9876543211d], ["98765"]));

        var first = await Uploaded(campaign, new ByteArrayContent(workbook), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(workbook), "file", "leads.csv" } };
        var second = await Uploaded(campaign, form, null, "?sheet=leads");
        var packed = await Uploaded(campaign, new ByteArrayContent(Workbooks.Packed("phone\n9876543212\n")), "application/gzip");
        var body = new ByteArrayContent(Workbooks.Packed("phone\n9876543213\n"));
        body.Headers.ContentEncoding.Add("gzip");
        var encoded = await Uploaded(campaign, body, "text/csv");
        var nothing = await Uploaded(campaign, new ByteArrayContent("phone,name\n"u8.ToArray()), "text/csv");

        Assert.Equal(("xlsx", "Notes", 1, null), (first.Format, first.Sheet, first.Accepted, first.Encoding));
        Assert.Equal("Of the workbook the sheet 'Notes' was read. It also has 'Leads': ?sheet= names the one that is meant.", first.Notice);
        Assert.Equal(("leads.csv", "Leads", 1, 3), (second.FileName, second.Sheet, second.Accepted, Assert.Single(second.Errors).Row));
        Assert.Equal((1, "csv", "utf-8"), (packed.Accepted, packed.Format, packed.Encoding));
        Assert.Equal((1, "csv"), (encoded.Accepted, encoded.Format));
        Assert.Equal((0, "Completed", "The upload has the line that names the columns, and no row after it."), (nothing.Rows, nothing.State, nothing.Notice));
        Assert.Equal(4, await _node.Ask(db => db.Leads.CountAsync()));
    }

    [Fact]
    public async Task A_body_that_breaks_off_or_is_packed_in_a_way_that_nobody_unpacks_is_refused()
    {
        var campaign = await ACampaign();
        var cut = Workbooks.Packed(List(Enumerable.Range(0, 39)))[..^6];
        var other = new StringContent("phone\n9876543210\n", Encoding.UTF8, "text/csv");
        other.Headers.ContentEncoding.Add("br");

        var broken = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", new ByteArrayContent(cut) { Headers = { ContentType = new("text/csv") } });
        var refused = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", other);

        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.StartsWith("The compressed upload (gzip) is damaged, broke off", await Detail(broken));
        var error = JsonElement.Parse(await broken.Content.ReadAsStringAsync()).GetProperty("errors")[0];
        Assert.Equal(("file", "The compressed upload (gzip) is damaged, broke off, or is several put together", "a list that can be read to its end"),
            (error.GetProperty("field").GetString(), error.GetProperty("value").GetString(), error.GetProperty("expected").GetString()));
        Assert.Equal("Failed", Assert.Single(await ImportsOf(campaign)).State);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal("The content encoding 'br' is not taken: expected gzip, or none.", await Detail(refused));
    }

    [Fact]
    public async Task What_a_spreadsheet_puts_around_a_number_is_none_of_it_and_a_number_that_may_not_be_called_is_refused_with_the_reason()
    {
        var campaign = await ACampaign();

        var result = await Uploaded(campaign, "phone,name\n=\"09876543210\",\"=\"\"007\"\"\"\n9876543211.0,\n9.19825E+11,\n1409876543,\n1600123456,\n1860 123 4567,\n");

        Assert.Equal(2, result.Accepted);
        Assert.Equal("""{"name": "007"}""", await _node.Ask(db => db.Leads.Where(lead => lead.Number == "+919876543210").Select(lead => lead.Attributes).SingleAsync()));
        Assert.Equal([4, 5, 6, 7], result.Errors.Select(error => error.Row));
        foreach (var (error, expected) in result.Errors.Zip(["its last digits are lost", "series 140", "series 1600", "for which the caller pays more"]))
            Assert.Contains(expected, error.Expected);
    }

    [Theory]
    [InlineData("Completed"), InlineData("Stopped")]
    public async Task A_campaign_that_is_over_takes_no_leads(string state)
    {
        var campaign = await ACampaign();
        await _node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = {state} where id = {campaign}"));

        var answer = await Post(campaign, "phone\n9876543210", "text/csv");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains($"A campaign in state {state} takes no leads any more", await Detail(answer));
    }

    [Fact]
    public async Task A_campaign_that_does_not_exist_is_not_found() =>
        Assert.Equal(HttpStatusCode.NotFound, (await Post(Guid.NewGuid(), "phone\n9876543210", "text/csv")).StatusCode);

    [Fact]
    public async Task Rows_beyond_the_limit_are_not_read_and_the_answer_says_so()
    {
        var campaign = await ACampaign();

        var answer = await Post(campaign, List(Enumerable.Range(0, 41)), "text/csv");

        Assert.Contains("more than 40 rows", await Detail(answer));
        Assert.Equal(40, Assert.Single(await ImportsOf(campaign)).Accepted);
    }

    [Fact]
    public async Task An_upload_above_the_size_limit_is_refused()
    {
        var campaign = await ACampaign();

        var answer = await Post(campaign, "phone\n" + new string('\n', 30_000), "text/csv");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("larger than 20000 bytes", await Detail(answer));
    }

    [Fact]
    public async Task A_form_s_file_is_read_by_its_name()
    {
        var campaign = await ACampaign();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("{\"phone\":9876543210}\n{\"phone\":9876543211}"), "file", "leads.ndjson" },
        };

        var answer = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", form);
        var result = (await answer.Content.ReadFromJsonAsync<ImportResult>())!;

        Assert.Equal(("ndjson", "leads.ndjson", 2), (result.Format, result.FileName, result.Accepted));
    }

    [Fact]
    public async Task A_field_of_a_form_before_its_file_is_refused_since_nobody_would_read_it()
    {
        var campaign = await ACampaign();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("GB"), "region" },
            { new StringContent("phone\n9876543210\n"), "file", "leads.csv" },
        };

        var answer = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("the part 'region' before its file", await Detail(answer));
        Assert.Equal(0, await _node.Ask(db => db.Leads.CountAsync(lead => lead.CampaignId == campaign)));
    }

    [Theory]
    [InlineData("phone\n9876543210\n", "file2", "more.csv")]
    [InlineData("GB", "region", null)]
    public async Task What_follows_the_file_of_a_form_is_refused_by_its_name_and_no_second_list_is_lost(string content, string name, string? fileName)
    {
        var campaign = await ACampaign();
        using var form = new MultipartFormDataContent { { new StringContent("phone\n9876543210\n"), "file", "leads.csv" } };
        if (fileName is null)
            form.Add(new StringContent(content), name);
        else
            form.Add(new StringContent(content), name, fileName);

        var answer = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"the part '{name}' behind its file", await Detail(answer));
    }

    [Fact]
    public async Task An_import_whose_process_died_is_ended_and_one_that_is_being_read_is_not()
    {
        var campaign = await ACampaign();
        var slow = new SlowBody();
        var upload = _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", slow);
        await slow.Send(List(Enumerable.Range(0, 5)));
        await Eventually.Some(async () => (await ImportsOf(campaign)).SingleOrDefault(import => import.Rows == 5));
        var dead = Guid.NewGuid();
        await _node.Ask(db => db.Database.ExecuteSqlAsync(
            $"insert into imports (id, campaign_id, state, format, started_at) values ({dead}, {campaign}, 'Running', 'csv', {PacerNode.Noon})"));

        var ended = await _node.Ask(db => new ImportStore(db).FailAbandoned(PacerNode.Noon, CancellationToken.None));

        Assert.Equal(1, ended);
        Assert.Equal("Failed", (await ImportsOf(campaign)).Single(import => import.ImportId == dead).State);
        Assert.Equal("Running", (await ImportsOf(campaign)).Single(import => import.ImportId != dead).State);
        slow.End();
        Assert.Equal(HttpStatusCode.OK, (await upload).StatusCode);
    }

    [Theory]
    [InlineData("Asia/Kolkata", "", "9876543210", "+919876543210")]
    [InlineData("America/Toronto", "", "416 555 0123", "+14165550123")]
    [InlineData("Australia/Perth", "", "0412 345 678", "+61412345678")]
    [InlineData("UTC", "?region=GB", "07700 900123", "+447700900123")]
    [InlineData("UTC", "?region=United%20Kingdom", "07700 900123", "+447700900123")]
    [InlineData("UTC", "?region=%2B44", "07700 900123", "+447700900123")]
    [InlineData("UTC", "?region=xk", "043 201 234", "+38343201234")]
    [InlineData("UTC", "", "07700 900123", null)]
    [InlineData("Asia/Kolkata", "?region=Atlantis", "9876543210", null)]
    public async Task Numbers_are_read_as_the_country_of_the_campaign_s_zone_writes_them_and_where_there_is_none_it_is_asked_for(
        string zone, string query, string written, string? number)
    {
        var campaign = await ACampaign(zone);

        var answer = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads{query}", new StringContent($"phone\n{written}\n", Encoding.UTF8, "text/csv"));

        Assert.Equal(number is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(number, await _node.Ask(db => db.Leads.Select(lead => lead.Number).SingleOrDefaultAsync()));
        if (number is null)
            Assert.Contains("\"field\":\"region\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<Guid> ACampaign(string timeZone = "Asia/Kolkata")
    {
        var id = Guid.CreateVersion7();
        await _node.Ask(db => db.Database.ExecuteSqlAsync(
            $$"""
            insert into campaigns (id, name, mode, purpose, account, state, rules, created_at, created_by)
            values ({{id}}, 'test', 'notification', 'service', 'default', 'Draft', jsonb_build_object('timeZone', {{timeZone}}::text),
                  {{PacerNode.Noon}}, 'tests')
            """));
        return id;
    }

    private static string List(IEnumerable<int> numbers) => "phone\n" + string.Join('\n', numbers.Select(n => $"98765{n:00000}")) + "\n";

    private async Task<ImportResult> Uploaded(Guid campaign, string text)
    {
        var answer = await Post(campaign, text, "text/csv");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ImportResult>())!;
    }

    private async Task<ImportResult> Uploaded(Guid campaign, HttpContent body, string? type, string query = "")
    {
        if (type is not null)
            body.Headers.ContentType = new(type);
        var answer = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads{query}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ImportResult>())!;
    }

    private Task<HttpResponseMessage> Post(Guid campaign, string text, string type) =>
        _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", new StringContent(text, Encoding.UTF8, type));

    private async Task<List<ImportView>> ImportsOf(Guid campaign) =>
        (await _node.Http.GetFromJsonAsync<List<ImportView>>($"/api/v1/campaigns/{campaign}/imports"))!;

    private static async Task<string> Detail(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<Microsoft.AspNetCore.Mvc.ProblemDetails>())!.Detail!;

    /// <summary>A body that is sent as the test says.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowBody() => Headers.ContentType = new MediaTypeHeaderValue("text/csv");

        public async Task Send(string text)
        {
            var stream = await _stream.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
        }

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _stream.SetResult(stream);
            await _end.Task.WaitAsync(cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
