-- The version of the layers of a tile, asked of the service before each answer: by one request for
-- all who wait for the same layers. Who comes while one is under way waits for the next, so every
-- answer is as new as what was committed when its request came.

local semaphore = require "ngx.semaphore"

local PATIENCE_S = 10
local MOST = 1000 -- names that clients may make up are not remembered for ever

local layers, count = {}, 0

local function ask(ids)
    local done, said = pcall(ngx.location.capture, "/-/version/" .. ngx.escape_uri(ids))
    -- 204: of layers whose changes nobody sees, nothing may be kept.
    return done and said.status == 200 and said.body or nil
end

-- Ask for all of the group; then let the first of the next group, if there is one, do the same.
local function lead(state, group, ids)
    group.version = ask(ids)
    group.asked = true
    if group.waiting > 0 then
        group.semaphore:post(group.waiting)
    end
    local following = state.following
    state.following = nil
    if following and following.waiting > 0 then
        following.semaphore:post(1)
        state.leading = following
    else
        state.leading = nil
    end
    return group.version
end

local function new_group()
    return { semaphore = semaphore.new(), waiting = 0, asked = false }
end

-- The version as a text; nil where the service does not say, and nothing may be kept.
return function(ids)
    local state = layers[ids]
    if not state then
        if count >= MOST then
            layers, count = {}, 0
        end
        state = {}
        layers[ids], count = state, count + 1
    end
    if not state.leading then
        local group = new_group()
        state.leading = group
        return lead(state, group, ids)
    end
    local group = state.following or new_group()
    state.following = group
    group.waiting = group.waiting + 1
    local woken = group.semaphore:wait(PATIENCE_S)
    group.waiting = group.waiting - 1
    if not woken then
        return nil
    end
    if group.asked then
        return group.version
    end
    return lead(state, group, ids)
end
