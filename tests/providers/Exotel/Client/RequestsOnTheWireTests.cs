using Microsoft.Extensions.DependencyInjection;
using Outdial.Providers.Tests.Wire;

namespace Outdial.Providers.Tests.Exotel.Client;

/// <summary>Each request byte by byte, as the provider's pages want it.</summary>
public sealed class RequestsOnTheWireTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero);

    private static async Task<IReadOnlyList<string>> Sent(
        Func<ITelephonyProvider, Task> act, Func<int, string, Answer> answer, params (string, string?)[] settings)
    {
        await using var server = new WireServer(answer);
        using var client = FakeExotel.Client(server.Address, settings);
        await act(client.Services.GetRequiredService<ITelephonyProviders>().Get("default"));
        return server.Texts;
    }

    [Fact]
    public async Task A_call_is_asked_for_by_a_form()
    {
        var call = new OriginateRequest(
            Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "+917314853246", "926",
            new Uri("https://calls.example.org/webhooks/exotel/to~ken/status?a=b c"), TimeSpan.FromSeconds(25), TimeSpan.FromMinutes(10), "echo +/&=é*");

        var sent = await Sent(
            account => account.OriginateAsync(call, default), (_, _) => Answer.Of(200),
            ("Accounts:default:AccountSid", "acme 1/x"), ("Accounts:default:StatusCallbackEvents:0", "terminal"), ("Accounts:default:StatusCallbackEvents:1", "answered"));

        WireText.Matches("exotel-call-form", sent);
    }

    [Fact]
    public async Task The_least_that_a_call_needs_is_sent_and_no_more()
    {
        var call = new OriginateRequest(
            Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "07314853246", "https://flows.example.org/start?x=1",
            new Uri("https://calls.example.org/s"), TimeSpan.FromSeconds(25));

        var sent = await Sent(account => account.OriginateAsync(call, default), (_, _) => Answer.Of(200));

        WireText.Matches("exotel-call-least", sent);
    }

    [Fact]
    public async Task A_calls_details_are_asked_for_by_its_id()
    {
        var sent = await Sent(
            account => account.GetCallAsync("b6cf/ é?#%2F+:@", default), (_, _) => Answer.Of(404));

        WireText.Matches("exotel-call-details", sent);
    }

    [Fact]
    public async Task A_numbers_metadata_is_asked_for_in_the_providers_form()
    {
        var sent = await Sent(async account =>
        {
            await account.GetNumberAsync("+919876530240", default);
            await account.GetNumberAsync("+14155550100", default);
        }, (_, _) => Answer.Of(404));

        WireText.Matches("exotel-number-metadata", sent);
    }

    [Fact]
    public async Task Calls_are_searched_by_number_and_time_page_after_page()
    {
        var sent = await Sent(
            account => account.FindCallsAsync("+919876530240", Noon, Noon.AddSeconds(10), default),
            (count, _) => Answer.Of(200, count == 1
                ? """{"Metadata": {"NextPageUri": "/v1/Accounts/acme1/Calls.json?From=%2B919876530240&After=MTIz%3D%3D&PageSize=100&x=a+b:c"}, "Calls": [{"Sid": "a"}]}"""
                : """{"Metadata": {"NextPageUri": null}, "Calls": []}"""));

        WireText.Matches("exotel-call-search", sent);
    }

    [Fact]
    public async Task All_calls_are_listed_by_time()
    {
        var sent = await Sent(
            account => account.ListCallsAsync(Noon, Noon.AddDays(1), default), (_, _) => Answer.Of(200, """{"Calls": []}"""));

        WireText.Matches("exotel-call-list", sent);
    }

    [Fact]
    public async Task Our_own_numbers_are_listed()
    {
        var sent = await Sent(account => account.ListOwnNumbersAsync(default), (_, _) => Answer.Of(200, """{"incoming_phone_numbers": []}"""));

        WireText.Matches("exotel-own-numbers", sent);
    }
}
