using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Http;

namespace Outdial.Platform;

/// <summary>What every HTTP answer has in common.</summary>
internal static class HttpDefaults
{
    public static void AddHttpDefaults(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        // By default a production service swallows the reason of a 400; thrown, it reaches the exception handler.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = problem =>
            problem.ProblemDetails.Extensions["correlationId"] = Correlation.Of(problem.HttpContext));
        services.AddExceptionHandler<ErrorAnswers>();
        services.AddAnswerHeaders();
        services.AddOptions<StreamOptions>().BindConfiguration(StreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<IStartupFilter, Pipeline>();
        services.Configure<KestrelServerOptions>(TakeAnyBytes);
        services.AddCounters<RefusedByServer>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedByServer>());
    }

    /// <summary>
    /// By default a byte of a header that is not UTF-8 makes the whole request a bad one. What a client calls itself, or a proxy its city, must not
    /// decide whether a request is taken: Latin-1 has a letter for each byte, and gives the same bytes back. What a gateway adds to a request
    /// must not be what makes it too large, so a service takes more than a gateway does.
    /// </summary>
    internal static void TakeAnyBytes(KestrelServerOptions kestrel)
    {
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.Limits.MaxRequestLineSize = 40 * 1024;   // providers put all that they know into a query
        kestrel.Limits.MaxRequestHeadersTotalSize = 80 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 240;
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        json.Converters.Add(new StorableText());
        json.Converters.Add(new InstantJson());
        json.Converters.Add(new DurationJson());
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;   // a field that nobody reads was meant to do something
        json.AllowDuplicateProperties = false;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;   // "+91…" stays readable; answers are never put into HTML
    }

    /// <summary>Runs outside of everything the application adds, authentication included, wherever the application maps its routes.</summary>
    private sealed class Pipeline : IStartupFilter
    {
        private const int LargestDocument = 1 << 20;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseAnswerHeaders();
            app.UseMiddleware<Correlation>();
            app.UseExceptionHandler();
            app.UseStatusCodePages(ErrorAnswers.FillAsync);
            app.Use(RefuseNul);
            app.Use(KeepDocument);
            next(app);
        };

        // No text of the database can hold the character, so nothing can be found by it.
        private static Task RefuseNul(HttpContext context, RequestDelegate next)
        {
            if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                || context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true)
                return next(context);
            var wrong = context.Request.Query.FirstOrDefault(parameter =>
                parameter.Key.Contains('\0') || parameter.Value.Any(value => value?.Contains('\0') == true));
            return ApiProblem.Invalid(wrong.Key?.Replace("\0", @"\u0000", StringComparison.Ordinal) ?? "query",
                $"{wrong.Value}".Replace("\0", @"\u0000", StringComparison.Ordinal), StorableText.Expected).ExecuteAsync(context);
        }

        // A document is held in memory, so it is limited; a refused one is read again to quote the wrong value. Uploads and webhooks
        // are streams and stay streams, with limits of their own.
        private static Task KeepDocument(HttpContext context, RequestDelegate next)
        {
            if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || !context.Request.HasJsonContentType())
                return next(context);
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = LargestDocument;
            if (context.Request.ContentLength is <= LargestDocument)
                context.Request.EnableBuffering();
            return next(context);
        }
    }
}
