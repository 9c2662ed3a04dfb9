using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Says in the API's description in which forms leads are added.</summary>
internal static class LeadBodies
{
    /// <summary>Beside a parameter or an answer: the content types of the bodies to which alone it belongs.</summary>
    private const string OnlyWith = "x-outdial-body";

    private const string Json = "application/json";

    public static RouteHandlerBuilder DescribesLeads(this RouteHandlerBuilder endpoint) => endpoint.DescribesList()
        .AddOpenApiOperationTransformer(async (operation, context, cancel) =>
        {
            IReadOnlyCollection<string> lists = [.. operation.RequestBody!.Content!.Keys];
            foreach (var asked in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(asked => asked.In != ParameterLocation.Path))
                asked.AddExtension(OnlyWith, Types(asked.In == ParameterLocation.Header ? [Json] : lists));
            if (operation.Responses?.GetValueOrDefault("200") is OpenApiResponse of)
            {
                of.Description = "A list was read to its end; or of the leads as JSON none is new.";
                var list = of.Content![Json].Schema!;
                of.Content[Json].Schema = new OpenApiSchema
                {
                    OneOf = [Of(list, lists), Of(new OpenApiSchemaReference(nameof(AddedLeadsAnswer), context.Document), [Json])],
                };
            }
            if (operation.Responses?.GetValueOrDefault("201") is OpenApiResponse ofJson)
                ofJson.AddExtension(OnlyWith, Types([Json]));
            context.Document!.AddComponent<IOpenApiSchema>(
                nameof(LeadRequest), await context.GetOrCreateSchemaAsync(typeof(LeadRequest), cancellationToken: cancel));
            operation.RequestBody!.Content![Json] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchemaReference(nameof(LeadRequest), context.Document),
                    MinItems = 1,
                    MaxItems = AddedLeads.Most,
                    Description = "A single lead is taken without the array, too.",
                },
            };
        });

    private static OpenApiSchema Of(IOpenApiSchema answer, IEnumerable<string> bodies)
    {
        var own = new OpenApiSchema { AllOf = [answer] };
        own.AddExtension(OnlyWith, Types(bodies));
        return own;
    }

    private static JsonNodeExtension Types(IEnumerable<string> types) => new(new JsonArray([.. types.Select(type => (JsonNode)type)]));

    /// <summary>The forms of a list.</summary>
    public static RouteHandlerBuilder DescribesList(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new OwnBody()).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            OpenApiSchema file = new() { Type = JsonSchemaType.String, Format = "binary" };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "Lists may be packed with gzip, by themselves or as Content-Encoding.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["text/csv"] = new() { Schema = file },
                    ["application/x-ndjson"] = new() { Schema = file },
                    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = new() { Schema = file },
                    ["application/vnd.ms-excel"] = new() { Schema = file },
                    ["application/gzip"] = new() { Schema = file },
                    ["multipart/form-data"] = new()
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = file },
                        },
                    },
                },
            };
            return Task.CompletedTask;
        });
}
