{{/*
Fails on a setting of a service that the service would refuse when it starts, or that the chart has to know itself.
Takes the dict of callwright.grpcService; settings.yaml tells what there is.
*/}}
{{- define "callwright.checkSettings" -}}
{{- $known := index (.root.Files.Get "settings.yaml" | fromYaml) .package -}}
{{- $values := camelcase .package | untitle -}}
{{- range $name, $value := .values.settings -}}
{{- $path := printf "%s.settings.%s" $values $name -}}
{{- if not (hasKey $known $name) -}}
{{- fail (printf "%s: is not a setting of this service" $path) -}}
{{- end -}}
{{- $about := get $known $name -}}
{{- with $about.instead -}}
{{- fail (printf "%s: is set by the chart itself, see %s" $path .) -}}
{{- end -}}
{{- if not (kindIs "string" $value) -}}
{{- fail (printf "%s: must be a text; give it in quotes or with --set-string" $path) -}}
{{- end -}}
{{- /* A service takes an empty value for none. */ -}}
{{- if $value -}}
{{- if and $about.values (not (has $value $about.values)) -}}
{{- fail (printf "%s: must be one of %s, not %q" $path (join ", " $about.values) $value) -}}
{{- end -}}
{{- if and $about.form (not (regexMatch $about.form $value)) -}}
{{- fail (printf "%s: must be %s, not %q" $path $about.type $value) -}}
{{- end -}}
{{- if and (hasKey $about "minimum") (lt (float64 $value) (float64 $about.minimum)) -}}
{{- fail (printf "%s: must be at least %v, not %q" $path $about.minimum $value) -}}
{{- end -}}
{{- if and (hasKey $about "above") (le (float64 $value) (float64 $about.above)) -}}
{{- fail (printf "%s: must be more than %v, not %q" $path $about.above $value) -}}
{{- end -}}
{{- if and (hasKey $about "maximum") (gt (float64 $value) (float64 $about.maximum)) -}}
{{- fail (printf "%s: must be at most %v, not %q" $path $about.maximum $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (eq (get .values.settings "LLM_PROVIDER") "openai") (not (get .values.settings "LLM_BASE_URL")) (not .root.Values.secrets.llm.name) -}}
{{- fail (printf "secrets.llm.name: %s.settings.LLM_PROVIDER=openai needs the Secret of a key, or LLM_BASE_URL of a server without keys" $values) -}}
{{- end -}}
{{- end -}}
