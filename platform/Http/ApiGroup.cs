using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Outdial.Platform.OpenApi;

namespace Outdial.Platform;

/// <summary>A query parameter that an endpoint reads by itself, so that its handler does not show it.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Description">What it does, for the description of the API.</param>
public sealed record QueryParameter(string Name, string Description);

/// <summary>That the endpoint reads its body by itself, and as what.</summary>
/// <param name="ContentTypes">Those that it understands.</param>
/// <param name="Description">What is in it, for the description of the API.</param>
public sealed record UploadedBody(IReadOnlyList<string> ContentTypes, string Description);

/// <summary>That the endpoint reads its body by itself, in several forms, and describes them by itself.</summary>
public sealed record OwnBody;

/// <summary>
/// The API that people and their programs use. What they send and nobody would read is refused by name: a query parameter, a value of a closed
/// set, a body where none is taken; fields are for <see cref="BadRequests"/>.
/// </summary>
public static class ApiGroup
{
    /// <summary>The root of the API.</summary>
    public const string Prefix = "/api/v1";

    /// <param name="rest">What follows <see cref="Prefix"/>.</param>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string rest = "")
    {
        var group = routes.MapGroup(Prefix + rest);
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            var handle = endpoint.RequestDelegate!;
            endpoint.Metadata.Add(new Strict());
            endpoint.RequestDelegate = async http =>
            {
                if (await RefusalAsync(http) is { } refused)
                    await refused.ExecuteAsync(http);
                else
                    await handle(http);
            };
        });
        return group;
    }

    /// <summary>Names a query parameter that the endpoint reads by itself.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder endpoint, string name, string description) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new QueryParameter(name, description));

    /// <summary>Names a header that the endpoint reads.</summary>
    public static TBuilder WithHeader<TBuilder>(this TBuilder endpoint, string name, bool isRequired, string description, string example)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new HeaderParameter(name, isRequired, description, example));

    /// <summary>Says that the endpoint reads its body by itself.</summary>
    public static TBuilder TakesUpload<TBuilder>(this TBuilder endpoint, string description, params IReadOnlyList<string> contentTypes)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new UploadedBody(contentTypes, description));

    /// <summary>Whether what nobody would read is refused there.</summary>
    public static bool IsStrict(this Endpoint endpoint) => endpoint.Metadata.GetMetadata<Strict>() is not null;

    private static async Task<ProblemHttpResult?> RefusalAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
            return null;
        if (http.Request.Query.Count > 0 && Wrong(http.Request, KnownQuery.Of(endpoint)) is { Count: > 0 } wrong)
            return ApiProblem.Invalid(wrong);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return null;
        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null)
            return JsonText.Prepare(http.Request);
        var isRead = endpoint.Metadata.GetMetadata<UploadedBody>() is not null || endpoint.Metadata.GetMetadata<OwnBody>() is not null;
        return isRead ? null : await NoBodyAsync(http);
    }

    private static List<FieldProblem> Wrong(HttpRequest request, KnownQuery known)
    {
        List<FieldProblem> wrong = [];
        Dictionary<string, StringValues>? meant = null;
        foreach (var (name, value) in request.Query)
        {
            if (!known.Sets.TryGetValue(name, out var set))
                wrong.Add(new(Masked.Text(name), value.ToString(), NearestName.Expected(name, "query parameters", [.. known.Sets.Keys])));
            else if (set is not null && !set.Contains(value.ToString()))
            {
                if (set.FirstOrDefault(word => string.Equals(word, value, StringComparison.OrdinalIgnoreCase)) is { } word)
                    (meant ??= request.Query.ToDictionary(StringComparer.OrdinalIgnoreCase))[name] = word;
                else
                    wrong.Add(new(name, value.ToString(), $"one of {string.Join(", ", set)}"));
            }
        }
        if (meant is not null)
            request.Query = new QueryCollection(meant);
        return wrong;
    }

    /// <summary>Some programs send an empty object or list wherever they post; anything else is meant to do something.</summary>
    private static async Task<ProblemHttpResult?> NoBodyAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            using var reader = new StreamReader(http.Request.Body);
            return await reader.ReadAsync(new char[1], http.RequestAborted) == 0 ? null : ApiProblem.Invalid("body", "given", "no body");
        }
        if (JsonText.Prepare(http.Request) is { } refused)
            return refused;
        var (body, wrong) = await JsonText.ReadAsync(http.Request);
        return wrong is not null ? ApiProblem.Invalid(wrong) : body switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Object } when body.Value.EnumerateObject().ToList() is var fields =>
                fields.Count == 0 ? null : ApiProblem.Invalid([.. fields.Select(Unread)]),
            _ => ApiProblem.Invalid("body", "given", "no body"),
        };
    }

    private static FieldProblem Unread(JsonProperty field) =>
        new(Masked.Text(field.Name), field.Value.GetRawText().Trim('"'), "no fields: nothing is read from a body here");

    private sealed record Strict;

    /// <summary>The query parameters of an endpoint, and the texts that are known where they are a closed set.</summary>
    internal sealed class KnownQuery
    {
        private static readonly ConcurrentDictionary<Endpoint, KnownQuery> All = [];

        public required IReadOnlyDictionary<string, IReadOnlyList<string>?> Sets { get; init; }

        /// <summary>Of those that the code calls otherwise: how they are sent.</summary>
        public required IReadOnlyDictionary<string, string> Sent { get; init; }

        public static KnownQuery Of(RouteEndpoint endpoint) => All.GetOrAdd(endpoint, static each => Make((RouteEndpoint)each));

        private static KnownQuery Make(RouteEndpoint endpoint)
        {
            var sets = new Dictionary<string, IReadOnlyList<string>?>(StringComparer.OrdinalIgnoreCase);
            var sent = new Dictionary<string, string>(StringComparer.Ordinal);
            var path = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            {
                if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
                {
                    foreach (var property in parameter.ParameterType.GetProperties(BindingFlags.Instance | BindingFlags.Public))
                        sets[sent[property.Name] = NameOf(property, property.Name)] = property.GetCustomAttribute<OneOfAttribute>()?.Values;
                }
                else if (IsOfQuery(parameter, path))
                {
                    sets[sent[parameter.Name!] = NameOf(parameter, parameter.Name!)] = parameter.GetCustomAttribute<OneOfAttribute>()?.Values;
                }
            }
            foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<QueryParameter>())
                sets[parameter.Name] = null;
            return new() { Sets = sets, Sent = sent };
        }

        private static string NameOf(ICustomAttributeProvider parameter, string name) =>
            parameter.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name ?? name;

        private static bool IsOfQuery(ParameterInfo parameter, HashSet<string> path)
        {
            var attributes = parameter.GetCustomAttributes().ToList();
            if (attributes.Exists(attribute => attribute is IFromQueryMetadata))
                return true;
            if (path.Contains(parameter.Name!)
                || attributes.Exists(attribute => attribute is IFromHeaderMetadata or IFromBodyMetadata or IFromRouteMetadata))
                return false;
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            return type == typeof(string) || type == typeof(string[]) || type == typeof(StringValues) || type.IsEnum
                || (type.IsValueType && type != typeof(CancellationToken) && type.GetMethods(BindingFlags.Static | BindingFlags.Public)
                    .Any(method => method.Name == "TryParse" && method.GetParameters() is [{ ParameterType: var text }, ..] && text == typeof(string)));
        }
    }
}
