using Microsoft.OpenApi;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Says in the API's description in which forms leads are added.</summary>
internal static class LeadBodies
{
    public static RouteHandlerBuilder DescribesLeads(this RouteHandlerBuilder endpoint) => endpoint.DescribesList()
        .AddOpenApiOperationTransformer(async (operation, context, cancel) =>
        {
            operation.RequestBody!.Content!["application/json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = await context.GetOrCreateSchemaAsync(typeof(LeadRequest), cancellationToken: cancel),
                    MinItems = 1,
                    MaxItems = AddedLeads.Most,
                    Description = "A single lead is taken without the array, too.",
                },
            };
        });

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
