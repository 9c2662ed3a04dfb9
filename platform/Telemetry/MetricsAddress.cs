using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>Section <c>Metrics</c>: where they are read, and how often they are really collected.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>
    /// Where <c>/metrics</c> is served, such as <c>http://*:9464</c>, and then nowhere else; <c>/health</c> is there too. Empty: on the addresses
    /// of the process itself.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>Whether <c>/health</c> is at <see cref="Url"/> alone: for a process whose own addresses strangers reach, the gateway.</summary>
    public bool HealthThereOnly { get; init; }

    /// <summary>How long what was collected is handed out. Real time, default 1 s, at most one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromSeconds(1);
}

internal sealed class MetricsOptionsValidator : IValidateOptions<MetricsOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, MetricsOptions options)
    {
        if (options.KeptFor < TimeSpan.Zero || options.KeptFor > Longest)
            return ValidateOptionsResult.Fail($"Metrics:KeptFor is '{options.KeptFor}'; expected a duration from \"00:00:00\" to \"{Longest}\".");
        if (options.HealthThereOnly && string.IsNullOrEmpty(options.Url))
            return ValidateOptionsResult.Fail("Metrics:HealthThereOnly is 'true' without Metrics:Url; expected an address such as http://*:9464 there.");
        return string.IsNullOrEmpty(options.Url) || IsAddress(options.Url)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Metrics:Url is '{options.Url}'; expected an address with a port and nothing behind it, such as http://*:9464.");
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            // Without a port it would be 80, which nobody means.
            return address is { Scheme: "http", PathBase: "" } && url.TrimEnd('/').EndsWith($":{address.Port}", StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>
/// The metrics as bytes: collected once for all who ask at the same time and for a moment afterwards, so that asking costs next to nothing.
/// The exporter answers a request of our own. Its own cache would collect once for each of a dozen formats that can be asked for, and would let
/// who reads slowly keep everybody else waiting: it writes the next answer where the last one is still read from.
/// </summary>
internal sealed partial class MetricsAnswer
{
    private readonly Kept<Written> _kept;

    public MetricsAnswer(IServiceProvider services, IOptions<MetricsOptions> options)
    {
        var scrape = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(MetricsAddress.Path).Build();
        _kept = new(() => WriteAsync(scrape), options.Value.KeptFor, TimeProvider.System);
    }

    public async Task<IResult> GetAsync(CancellationToken cancel)
    {
        var (body, type, status) = await _kept.GetAsync(cancel);
        return status == StatusCodes.Status200OK ? TypedResults.Bytes(body, type) : ApiProblem.Of(status, "The metrics could not be collected.");
    }

    // Asked for no format in particular it writes the plain text, which every version of Prometheus reads, with the same names for all.
    private static async Task<Written> WriteAsync(RequestDelegate scrape)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = MetricsAddress.Path;
        context.Response.Body = body;
        await scrape(context);
        await context.Response.CompleteAsync();
        return new(Mask(body), context.Response.ContentType, context.Response.StatusCode);
    }

    // Whoever made a tag of it, a number does not leave. Bounds of buckets are figures and stay.
    private static byte[] Mask(MemoryStream body) => Encoding.UTF8.GetBytes(
        Label().Replace(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length), static label => Masked.Text(label.Value)));

    [GeneratedRegex(@"(?<![{,]le)=""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Label();

    private sealed record Written(byte[] Body, string? ContentType, int Status);
}

/// <summary>Serves the metrics and the process's health, and nothing else, on an address of their own, where one is configured.</summary>
internal sealed class MetricsServer(
    MetricsAnswer metrics, OpenLimits limits, IServiceProvider services, IOptions<MetricsOptions> options) : IHostedService
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Url is not { Length: > 0 } url)
            return;
        // Empty: the addresses and certificates of the process itself are none of its business.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddAnswerHeaders();
        _app = builder.Build();
        _app.UseAnswerHeaders();
        var answers = new ApplicationBuilder(services);
        answers.UseHealth();
        answers.Run(async context => await (await AnswerAsync(context)).ExecuteAsync(context));
        var answer = answers.Build();
        _app.Run(context =>
        {
            context.RequestServices = services;   // how problems are written is said there, and what is looked at
            return answer(context);
        });
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Metrics:Url is '{url}', where this process cannot listen: {e.Message}", e);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null)
            return;
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
    }

    /// <summary>Where it is served; for a configured port 0 the one that was found.</summary>
    internal Uri? Address => _app is null ? null : new(_app.Urls.Single());

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != MetricsAddress.Path || !HttpMethods.IsGet(context.Request.Method))
            return ApiProblem.Of(StatusCodes.Status404NotFound, $"Here are {MetricsAddress.Path}, {HealthAnswers.Live} and {HealthAnswers.Ready}, and nothing else.");
        return limits.Refuse(context) is { } refused ? refused : await metrics.GetAsync(context.RequestAborted);
    }
}

/// <summary>Registration of the address that Prometheus reads.</summary>
internal static class MetricsAddress
{
    public const string Path = "/metrics";

    public static void AddMetricsAddress(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsValidator>();
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        services.AddSingleton<MetricsAnswer>();
        services.AddSingleton<MetricsServer>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsServer>());
    }

    /// <summary>On the process's own addresses, unless the metrics have one of their own.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // Not the options: a wrong one is said in a sentence when the process starts, not here.
        if (Url(routes.ServiceProvider.GetRequiredService<IConfiguration>()) is null)
            routes.MapGet(Path, (MetricsAnswer metrics, CancellationToken cancel) => metrics.GetAsync(cancel)).OpenWithinLimits();
    }

    /// <summary>Whether the process's health is there and not on the process's own addresses.</summary>
    public static bool HasHealthAlone(IConfiguration configuration) => Url(configuration) is not null
        && bool.TryParse(configuration[$"{MetricsOptions.Section}:{nameof(MetricsOptions.HealthThereOnly)}"], out var alone) && alone;

    /// <summary>As it is configured; null: none is.</summary>
    public static string? Url(IConfiguration configuration) =>
        configuration[$"{MetricsOptions.Section}:{nameof(MetricsOptions.Url)}"] is { Length: > 0 } url ? url : null;
}
